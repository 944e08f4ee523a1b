using OneRec.Pipeline.Inputs;
using ParquetSharp;

namespace OneRec.Pipeline.Engines.Local.Vectors;

/// <summary>Vectors as lists of float.</summary>
internal sealed class FloatListColumn(RowGroupReader group, ParquetLeaf leaf) : ListColumn<float>(ListLevels.Of(leaf))
{
    private readonly ColumnReader<float> _column = (ColumnReader<float>)group.Column(leaf.Index);

    /// <inheritdoc/>
    protected override void Close() => _column.Dispose();

    /// <inheritdoc/>
    protected override int ReadChunk(short[] definitions, short[] repetitions, float[] values) =>
        (int)_column.ReadBatch(Chunk, definitions, repetitions, values, out _);
}
