using System.Buffers;
using OneRec.Pipeline.Inputs;
using ParquetSharp;

namespace OneRec.Pipeline.Engines.Local.Vectors;

/// <summary>Vectors as lists of float16 (Parquet's FLOAT16: two bytes, little-endian).</summary>
internal sealed class HalfListColumn(RowGroupReader group, ParquetLeaf leaf) : ListColumn<Half>(ListLevels.Of(leaf))
{
    private readonly ColumnReader<FixedLenByteArray> _column = (ColumnReader<FixedLenByteArray>)group.Column(leaf.Index);
    private readonly FixedLenByteArray[] _places = ArrayPool<FixedLenByteArray>.Shared.Rent(Chunk);

    /// <inheritdoc/>
    protected override void Close()
    {
        ArrayPool<FixedLenByteArray>.Shared.Return(_places);
        _column.Dispose();
    }

    /// <inheritdoc/>
    protected override unsafe int ReadChunk(short[] definitions, short[] repetitions, Half[] values)
    {
        int levels = (int)_column.ReadBatch(Chunk, definitions, repetitions, _places, out long there);
        for (int i = 0; i < there; i++)
        {
            values[i] = *(Half*)_places[i].Pointer;
        }

        return levels;
    }
}
