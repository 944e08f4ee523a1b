using System.Globalization;
using OneRec.Core;
using OneRec.Parquet;
using ParquetSharp;

namespace OneRec.Engine.Local.Vectors;

/// <summary>Reads the values of a column that is not a list, row by row; a few hundred are held at a time.</summary>
/// <param name="column">A column of a row group; disposed with this.</param>
/// <param name="definition">The definition level of a non-null value: 0 if the column is required.</param>
internal sealed class FlatColumn<T>(ColumnReader column, short definition) : IDisposable
    where T : unmanaged
{
    private const int Chunk = 512;

    private readonly ColumnReader<T> _column = (ColumnReader<T>)column;
    private readonly T[] _values = new T[Chunk];
    private readonly short[] _levels = new short[Chunk];
    private int _row;
    private int _rows;
    private int _value;

    /// <summary>The next row.</summary>
    /// <param name="value">Its value. The memory of a <see cref="ByteArray"/> is valid until the next call.</param>
    /// <returns>False if it is null.</returns>
    /// <exception cref="EndOfStreamException">The column ends before its row group does.</exception>
    public bool Next(out T value)
    {
        if (_row == _rows)
        {
            Fill();
        }

        bool there = definition == 0 || _levels[_row] == definition;
        _row++;
        value = there ? _values[_value++] : default;
        return there;
    }

    /// <summary>Skips rows.</summary>
    public void Skip(long rows)
    {
        long held = Math.Min(rows, _rows - _row);
        for (long i = 0; i < held; i++)
        {
            Next(out _);
        }

        if (rows > held && _column.Skip(rows - held) != rows - held)
        {
            throw Short();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _column.Dispose();

    private static EndOfStreamException Short() => new("a column ends before its row group does");

    private void Fill()
    {
        _rows = (int)(definition == 0
            ? _column.ReadBatch(Chunk, _values, out _)
            : _column.ReadBatch(Chunk, _levels, [], _values, out _));
        (_row, _value) = (0, 0);
        if (_rows == 0)
        {
            throw Short();
        }
    }
}

/// <summary>Reads the vectors of a row group row by row; holds a page of the file, or a few values, at a time.</summary>
internal abstract class VectorColumn : IDisposable
{
    /// <summary>Skips rows.</summary>
    public abstract void Skip(long rows);

    /// <summary>Adds the next row's vectors.</summary>
    /// <param name="rows">Rows of the same kind.</param>
    public abstract void Read(VectorRows rows);

    /// <inheritdoc/>
    public abstract void Dispose();
}

/// <summary>Reads a column of 32-bit or 64-bit integers as longs.</summary>
internal sealed class LongColumn : IDisposable
{
    private readonly FlatColumn<long>? _wide;
    private readonly FlatColumn<int>? _narrow;
    private readonly bool _unsigned;
    private readonly string _name;

    /// <summary>Opens the column.</summary>
    /// <param name="group">The row group.</param>
    /// <param name="leaf">A column of integers.</param>
    public LongColumn(RowGroupReader group, ParquetLeaf leaf)
    {
        ColumnReader column = group.Column(leaf.Index);
        (_unsigned, _name) = (leaf.IsUnsigned, leaf.Node.Name);
        if (leaf.Node.PhysicalType == PhysicalType.Int64)
        {
            _wide = new FlatColumn<long>(column, leaf.Definition);
        }
        else
        {
            _narrow = new FlatColumn<int>(column, leaf.Definition);
        }
    }

    /// <summary>The value of the next row.</summary>
    /// <exception cref="OneRecException">Input error <c>input.id-range</c>: it has no sign and exceeds the range of BIGINT.</exception>
    public long? Next()
    {
        if (_wide is not null)
        {
            return !_wide.Next(out long wide) ? null : _unsigned && wide < 0 ? throw TooLarge((ulong)wide) : wide;
        }

        return !_narrow!.Next(out int narrow) ? null : _unsigned ? (uint)narrow : narrow;
    }

    private OneRecException TooLarge(ulong value) => OneRecException.Input(
        "input.id-range",
        string.Create(CultureInfo.InvariantCulture, $"input.tokens: {_name} {value} exceeds the range of BIGINT; write the ids of catalogue, log and vectors as STRING"));

    /// <summary>Skips rows.</summary>
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

/// <summary>Reads vectors as bytes, with their two dimensions.</summary>
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
