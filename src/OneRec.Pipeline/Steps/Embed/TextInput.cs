using System.Text.Json.Nodes;
using OneRec.Core;
using OneRec.Scoring.Embedding;

namespace OneRec.Pipeline.Steps.Embed;

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
