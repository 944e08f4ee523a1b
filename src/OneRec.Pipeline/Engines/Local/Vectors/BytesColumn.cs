using OneRec.Pipeline.Inputs;
using ParquetSharp;

namespace OneRec.Pipeline.Engines.Local.Vectors;

/// <summary>Vectors as bytes, with their two numbers.</summary>
internal sealed class BytesColumn(RowGroupReader group, VectorLayout layout) : VectorColumn
{
    private readonly FlatColumn<ByteArray> _bytes = new(group.Column(layout.Vectors.Index), layout.Vectors.Definition);
    private readonly LongColumn _counts = new(group, layout.Counts!);
    private readonly LongColumn _lengths = new(group, layout.Lengths!);

    /// <inheritdoc/>
    public override void Skip(long rows)
    {
        _bytes.Skip(rows);
        _counts.Skip(rows);
        _lengths.Skip(rows);
    }

    /// <inheritdoc/>
    public override unsafe void Read(VectorRows rows)
    {
        var into = (ByteRows)rows;
        if (_bytes.Next(out ByteArray bytes))
        {
            into.Add(new ReadOnlySpan<byte>((void*)bytes.Pointer, bytes.Length), _counts.Next(), _lengths.Next());
        }
        else
        {
            into.AddNull(_counts.Next(), _lengths.Next());
        }
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        _bytes.Dispose();
        _counts.Dispose();
        _lengths.Dispose();
    }
}
