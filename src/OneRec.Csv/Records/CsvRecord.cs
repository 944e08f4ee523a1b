using CsvHelper;

namespace OneRec.Csv.Records;

/// <summary>The current record of a tokenizer.</summary>
internal sealed class CsvRecord
{
    private CsvReader? _reader;
    private LineBlock? _block;

    /// <summary>Number of fields.</summary>
    public int Count => _reader!.FieldCount;

    /// <summary>The record as written in the file.</summary>
    public string Text => _block!.Text(_reader!.RawRecord);

    /// <summary>A field's value in UTF-8, without its quotes; empty for an empty field, quoted or not.</summary>
    public ReadOnlySpan<byte> this[int field]
    {
        get
        {
            ReadOnlySpan<byte> value = _reader!.GetSpan(field);
            return _block!.HasLoneReturn(value) ? _block.Original(value) : value;
        }
    }

    /// <summary>A field's value as text; null for an empty field.</summary>
    public string? TextOf(int field) => this[field] is { Length: > 0 } value ? System.Text.Encoding.UTF8.GetString(value) : null;

    /// <summary>Sets the tokenizer and its block.</summary>
    public void Set(CsvReader reader, LineBlock block) => (_reader, _block) = (reader, block);
}
