using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using OneRec.Configuration;
using OneRec.Core;
using OneRec.Scoring.Embedding;
using OneRec.Scoring.Models;

namespace OneRec.Pipeline.Steps.Embed;

/// <summary>One element of <c>embed.inputs</c>: a block of the embedding, of the kind that <c>block</c> names.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "block", UnknownDerivedTypeHandling = JsonUnknownDerivedTypeHandling.FailSerialization)]
[JsonDerivedType(typeof(TextInput), "text")]
[JsonDerivedType(typeof(ImageInput), "image")]
[JsonDerivedType(typeof(TokensInput), "tokens")]
public abstract record EmbedInput
{
    private protected EmbedInput()
    {
    }

    /// <summary>What the block's vector is multiplied by where blocks are laid side by side.</summary>
    /// <value>Above 0, at most 1,000. Default 1.</value>
    public double Weight { get; init; } = 1;

    /// <summary>What the block is made of, in a word for people, such as <c>text</c>.</summary>
    internal abstract string Title { get; }

    /// <summary>The model that the block's vectors come from; null where they are given.</summary>
    /// <exception cref="OneRecException">No folder there, or a manifest that does not hold.</exception>
    internal virtual ModelFolder? OpenModel() => null;

    /// <summary>What of the block changes rows, wherever its files lie: a part of the model's id.</summary>
    internal abstract JsonObject Identity();

    /// <summary>Adds a line per bad key.</summary>
    /// <param name="key">The element as the user writes it: <c>embed.inputs[0]</c>.</param>
    /// <param name="problems">Gets the lines.</param>
    internal virtual void Validate(string key, Problems problems) =>
        problems.Require(Weight is > 0 and <= 1000, $"{key}.weight", "must be above 0 and at most 1000", Weight);
}

/// <summary>A block whose vectors come from an encoder of a kind.</summary>
public abstract record ModelInput : EmbedInput
{
    private protected ModelInput()
    {
    }

    /// <summary>The model folder: an ONNX file of the kind that the block names, and what it needs.</summary>
    [ConfigPath]
    public required string Encoder { get; init; }

    /// <summary>The model's manifest where it does not lie in the folder.</summary>
    /// <value>Default null: <c>manifest.json</c> in the folder.</value>
    [ConfigPath]
    public string? Manifest { get; init; }

    /// <inheritdoc/>
    internal sealed override ModelFolder OpenModel() => ModelFolder.Open(Encoder, Manifest);

    /// <inheritdoc/>
    internal override void Validate(string key, Problems problems)
    {
        base.Validate(key, problems);
        problems.Require(!string.IsNullOrWhiteSpace(Encoder), $"{key}.encoder", "must name a model folder", Encoder);
    }
}

/// <summary>Block <c>text</c>: fields of an item, joined, through a text encoder.</summary>
public sealed record TextInput : ModelInput
{
    private static readonly string[] Known = ["title", "caption", "tags", "asr", "ocr"];

    /// <summary>
    /// Columns of <c>items</c> in the order in which they are joined; empty ones are left out. A number after a colon is
    /// the most tokens that a field may take: <c>asr:128</c> keeps a long speech from pushing out what follows.
    /// </summary>
    /// <value>Of title, caption, tags, asr, ocr; each once.</value>
    public required IReadOnlyList<string> Fields { get; init; }

    /// <summary>Text between two fields.</summary>
    /// <value>Default <c>". "</c>.</value>
    public string Separator { get; init; } = ". ";

    /// <summary>The fields with their budgets.</summary>
    internal IReadOnlyList<TextField> TextFields => [.. Fields.Select(f => TryField(f)!)];

    /// <inheritdoc/>
    internal override string Title => $"text in {string.Join(", ", TextFields.Select(f => f.Name))}";

    /// <inheritdoc/>
    internal override JsonObject Identity() => new()
    {
        ["block"] = "text",
        ["fields"] = new JsonArray([.. Fields.Select(f => JsonValue.Create(f))]),
        ["separator"] = Separator,
        ["weight"] = Weight,
        ["model"] = OpenModel().Identity(),
    };

    /// <inheritdoc/>
    internal override void Validate(string key, Problems problems)
    {
        base.Validate(key, problems);
        problems.Require(Fields is { Count: > 0 }, $"{key}.fields", "must name at least one column", "[]");
        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (int i = 0; i < (Fields?.Count ?? 0); i++)
        {
            TextField? field = TryField(Fields![i]);
            problems.Require(
                field is not null,
                $"{key}.fields[{i}]",
                $"must be one of {string.Join(", ", Known)}, or such with most tokens 1 to 100000 as in asr:128",
                Fields[i]);
            problems.Require(field is null || seen.Add(field.Name), $"{key}.fields[{i}]", "must not repeat a column", Fields[i]);
        }
    }

    private static TextField? TryField(string? text)
    {
        string[] parts = (text ?? "").Split(':');
        if (parts.Length > 2 || !Known.Contains(parts[0]))
        {
            return null;
        }

        if (parts.Length == 1)
        {
            return new TextField(parts[0]);
        }

        return int.TryParse(parts[1], System.Globalization.NumberStyles.None, null, out int budget) && budget is >= 1 and <= 100_000
            ? new TextField(parts[0], budget)
            : null;
    }
}

/// <summary>Block <c>image</c>: an item's cover and frames, from <c>input.images</c>, through an image encoder.</summary>
public sealed record ImageInput : ModelInput
{
    /// <summary>Most images of an item, the first by position: 1 is the cover alone.</summary>
    /// <value>1 to 1,000. Default 6: the cover and five frames.</value>
    public int Images { get; init; } = 6;

    /// <inheritdoc/>
    internal override string Title => "images";

    /// <inheritdoc/>
    internal override JsonObject Identity() => new()
    {
        ["block"] = "image",
        ["images"] = Images,
        ["weight"] = Weight,
        ["model"] = OpenModel().Identity(),
    };

    /// <inheritdoc/>
    internal override void Validate(string key, Problems problems)
    {
        base.Validate(key, problems);
        problems.Require(Images is >= 1 and <= 1000, $"{key}.images", "must be 1 to 1000", Images);
    }
}

/// <summary>Block <c>tokens</c>: the mean of an item's given vectors, from <c>input.tokens</c>.</summary>
public sealed record TokensInput : EmbedInput
{
    /// <summary>Floats a vector; an item with vectors of another length is an error.</summary>
    /// <value>1 to 65,536. Default null: that of the table's embeddings, else of the first item that has any.</value>
    public int? Dimensions { get; init; }

    /// <inheritdoc/>
    internal override string Title => "token vectors";

    /// <inheritdoc/>
    internal override JsonObject Identity() => new() { ["block"] = "tokens", ["weight"] = Weight };

    /// <inheritdoc/>
    internal override void Validate(string key, Problems problems)
    {
        base.Validate(key, problems);
        problems.Require(
            Dimensions is null or (>= 1 and <= 65_536), $"{key}.dimensions", "must be 1 to 65536", Dimensions);
    }
}
