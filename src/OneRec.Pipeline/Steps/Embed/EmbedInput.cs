using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using OneRec.Configuration;
using OneRec.Core;
using OneRec.Scoring.Embedding;
using OneRec.Scoring.Models;
using OneRec.Scoring.Text;

namespace OneRec.Pipeline.Steps.Embed;

/// <summary>One element of <c>embed.inputs</c>: a block of the embedding; <c>block</c> is its kind.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "block", UnknownDerivedTypeHandling = JsonUnknownDerivedTypeHandling.FailSerialization)]
[JsonDerivedType(typeof(TextInput), "text")]
[JsonDerivedType(typeof(ImageInput), "image")]
[JsonDerivedType(typeof(TokensInput), "tokens")]
public abstract record EmbedInput
{
    private protected EmbedInput()
    {
    }

    /// <summary>Factor that the block's vector is multiplied by when blocks are concatenated.</summary>
    /// <value>Above 0, at most 1,000. Default 1.</value>
    public double Weight { get; init; } = 1;

    /// <summary>Name of the block for messages, such as <c>images</c>.</summary>
    internal abstract string Title { get; }

    /// <summary>The model that computes the block's vectors; null if the vectors are given.</summary>
    /// <exception cref="OneRecException">The folder is missing or its manifest is invalid.</exception>
    internal virtual ModelFolder? OpenModel() => null;

    /// <summary>
    /// Everything about the block that changes rows, independent of file paths: part of the model id.
    /// </summary>
    internal abstract JsonObject Identity();

    /// <summary>Adds one line per invalid key.</summary>
    /// <param name="key">The key of the element, such as <c>embed.inputs[0]</c>.</param>
    /// <param name="problems">Receives the lines.</param>
    internal virtual void Validate(string key, Problems problems) =>
        problems.Require(Weight is > 0 and <= 1000, $"{key}.weight", "must be above 0 and at most 1000", Weight);
}

/// <summary>A block whose vectors are computed by an encoder.</summary>
public abstract record ModelInput : EmbedInput
{
    private protected ModelInput()
    {
    }

    /// <summary>Model folder: an ONNX encoder of the block's kind and the files it needs.</summary>
    [ConfigPath]
    public required string Encoder { get; init; }

    /// <summary>Path of the model's manifest if it is not in the model folder.</summary>
    /// <value>Default null: <c>manifest.json</c> in the model folder.</value>
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

/// <summary>Block <c>text</c>: text fields of an item, joined and encoded by a text encoder.</summary>
public sealed record TextInput : ModelInput
{
    private static readonly string[] Known = ["title", "caption", "tags", "asr", "ocr"];

    /// <summary>
    /// Columns of <c>items</c>, in the order in which they are joined; empty fields are skipped. A number after a colon
    /// limits the tokens of a field: <c>asr:128</c> keeps a long transcript from displacing the fields that follow.
    /// </summary>
    /// <value>Any of <c>title</c>, <c>caption</c>, <c>tags</c>, <c>asr</c>, <c>ocr</c>; each at most once.</value>
    public required IReadOnlyList<string> Fields { get; init; }

    /// <summary>Separator between two fields.</summary>
    /// <value>Default <c>". "</c>.</value>
    public string Separator { get; init; } = ". ";

    /// <summary>The fields with their token limits.</summary>
    internal IReadOnlyList<TextField> TextFields => [.. Fields.Select(f => TryField(f)!)];

    /// <inheritdoc/>
    internal override string Title => $"text in {string.Join(", ", TextFields.Select(f => f.Name))}";

    /// <inheritdoc/>
    internal override JsonObject Identity() => new()
    {
        ["block"] = "text",
        ["fields"] = new JsonArray([.. Fields.Select(f => JsonValue.Create(f))]),
        ["separator"] = Separator,
        [EmbedModel.TokenizationKey] = TextTokenizer.Version,
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
                $"must be one of {string.Join(", ", Known)}, optionally with a token limit of 1 to 100000, such as asr:128",
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

/// <summary>
/// Block <c>image</c>: an item's cover and frames from <c>input.images</c>, encoded by an image encoder.
/// </summary>
public sealed record ImageInput : ModelInput
{
    /// <summary>Maximum number of images per item, the first ones by position: 1 is the cover only.</summary>
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

/// <summary>Block <c>tokens</c>: the mean of an item's vectors from <c>input.tokens</c>.</summary>
public sealed record TokensInput : EmbedInput
{
    /// <summary>Dimensions of the vectors. An item with vectors of another length is an error.</summary>
    /// <value>
    /// 1 to 65,536. Default null: as in the existing embeddings, or else as in the first item with vectors.
    /// </value>
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
