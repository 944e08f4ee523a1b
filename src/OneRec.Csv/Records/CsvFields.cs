using CsvHelper;

namespace OneRec.Csv.Records;

/// <summary>The record that a tokenizer stands on.</summary>
internal sealed class CsvFields
{
    private CsvReader? _reader;
    private LineBlock? _block;

    /// <summary>Fields.</summary>
    public int Count => _reader!.FieldCount;

    /// <summary>The record as the file has it.</summary>
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

    /// <summary>Stands on a reader's record.</summary>
    public void Set(CsvReader reader, LineBlock block) => (_reader, _block) = (reader, block);
}
