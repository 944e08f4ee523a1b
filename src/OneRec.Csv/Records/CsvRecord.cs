using CsvHelper;

namespace OneRec.Csv.Records;

/// <summary>The current record of a tokenizer; fields are without their quotes.</summary>
internal sealed class CsvRecord : TextRecord
{
    private CsvReader? _reader;
    private LineBlock? _block;

    /// <inheritdoc/>
    public override int Count => _reader!.FieldCount;

    /// <inheritdoc/>
    public override string Text => _block!.Text(_reader!.RawRecord);

    /// <inheritdoc/>
    public override ReadOnlySpan<byte> this[int field]
    {
        get
        {
            ReadOnlySpan<byte> value = _reader!.GetSpan(field);
            return _block!.HasLoneReturn(value) ? _block.Original(value) : value;
        }
    }

    /// <summary>Sets the tokenizer and its block.</summary>
    public void Set(CsvReader reader, LineBlock block) => (_reader, _block) = (reader, block);
}
