using OneRec.Pipeline.Inputs;
using ParquetSharp;

namespace OneRec.Pipeline.Engines.Local.Vectors;

/// <summary>Integers of a column of 32 or 64 bits, as longs.</summary>
internal sealed class LongColumn : IDisposable
{
    private readonly FlatColumn<long>? _wide;
    private readonly FlatColumn<int>? _narrow;

    /// <summary>Opens the column.</summary>
    /// <param name="group">The row group.</param>
    /// <param name="leaf">A column of integers.</param>
    public LongColumn(RowGroupReader group, ParquetLeaf leaf)
    {
        ColumnReader column = group.Column(leaf.Index);
        if (leaf.Node.PhysicalType == PhysicalType.Int64)
        {
            _wide = new FlatColumn<long>(column, leaf.Definition);
        }
        else
        {
            _narrow = new FlatColumn<int>(column, leaf.Definition);
        }
    }

    /// <summary>The next row's number.</summary>
    public long? Next()
    {
        if (_wide is not null)
        {
            return _wide.Next(out long wide) ? wide : null;
        }

        return _narrow!.Next(out int narrow) ? narrow : null;
    }

    /// <summary>Passes rows over.</summary>
    public void Skip(long rows)
    {
        _wide?.Skip(rows);
        _narrow?.Skip(rows);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _wide?.Dispose();
        _narrow?.Dispose();
    }
}
