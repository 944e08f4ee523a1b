using System.Text;

namespace OneRec.Csv.Records;

/// <summary>The current record of a reader: fields by their places.</summary>
internal abstract class TextRecord
{
    /// <summary>Number of fields.</summary>
    public abstract int Count { get; }

    /// <summary>The record as written in the file.</summary>
    public abstract string Text { get; }

    /// <summary>A field's value in UTF-8; empty for a missing one.</summary>
    public abstract ReadOnlySpan<byte> this[int field] { get; }

    /// <summary>A field's value as text; null for an empty field.</summary>
    public string? TextOf(int field) => this[field] is { Length: > 0 } value ? Encoding.UTF8.GetString(value) : null;
}
