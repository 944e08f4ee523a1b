using System.Text.Json.Serialization;
using OneRec.Core;

namespace OneRec.Inputs.Options;

/// <summary>
/// Section <c>input.itemFields</c>: SQL expressions over the catalogue's columns. Default of each: the column of that
/// name; if the catalogue has none, the field is null (<c>item_id</c> is required).
/// </summary>
/// <remarks>
/// The expressions of text fields see each column as it is in the file. CSV columns are text, so that <c>7.50</c> stays
/// <c>7.50</c>; cast them to numbers if needed. The expression of <c>item_id</c> sees declared and inferred types. A list of
/// texts is joined by <c>', '</c>.
/// </remarks>
public sealed record ItemFieldOptions
{
    /// <summary>The id, BIGINT or STRING.</summary>
    [JsonPropertyName("item_id")]
    public string? ItemId { get; init; }

    /// <summary>The title.</summary>
    public string? Title { get; init; }

    /// <summary>Description of the item.</summary>
    public string? Caption { get; init; }

    /// <summary>Tags as one text.</summary>
    public string? Tags { get; init; }

    /// <summary>Speech in the item, as text (automatic speech recognition).</summary>
    public string? Asr { get; init; }

    /// <summary>Writing in the item, as text (optical character recognition).</summary>
    public string? Ocr { get; init; }

    /// <summary>Adds a line per bad key; never throws.</summary>
    public void Validate(Problems problems)
    {
        ArgumentNullException.ThrowIfNull(problems);
        foreach ((string field, string? expression) in Texts().Prepend(("item_id", ItemId)))
        {
            InputOptions.RequireSql(problems, $"input.itemFields.{field}", expression);
        }
    }

    /// <summary>The text fields in the order of table <c>items</c>, with the expression given for each.</summary>
    public IEnumerable<(string Field, string? Expression)> Texts() =>
        [("title", Title), ("caption", Caption), ("tags", Tags), ("asr", Asr), ("ocr", Ocr)];
}
