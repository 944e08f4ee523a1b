using System.Buffers;
using OneRec.Parquet;
using ParquetSharp;

namespace OneRec.Engine.Local.Vectors;

/// <summary>
/// Reads vectors as lists. Values and levels are read in chunks of a fixed size, so that memory does not depend on the number
/// of values of a row.
/// </summary>
/// <remarks>
/// The arrays of a chunk are pooled. A file has many row groups, and large arrays allocated for each would stay until a
/// generation 2 collection, which a stream that allocates little else does not trigger.
/// </remarks>
/// <param name="levels">The meaning of the levels.</param>
internal abstract class ListColumn<T>(ListLevels levels) : VectorColumn
    where T : unmanaged
{
    /// <summary>Number of values of a chunk.</summary>
    protected const int Chunk = 32_768;

    private readonly short[] _definitions = ArrayPool<short>.Shared.Rent(Chunk);
    private readonly short[] _repetitions = ArrayPool<short>.Shared.Rent(Chunk);
    private readonly T[] _values = ArrayPool<T>.Shared.Rent(Chunk);
    private bool _isDisposed;
    private int _at;
    private int _end;
    private int _value;

    /// <inheritdoc/>
    public override void Skip(long rows)
    {
        for (; rows > 0; rows--)
        {
            Require();
            do
            {
                // The row ends where the next one starts, possibly in a later chunk.
                int rest = _repetitions.AsSpan(_at + 1, _end - _at - 1).IndexOf((short)0);
                int next = rest < 0 ? _end : _at + 1 + rest;
                _value += _definitions.AsSpan(_at, next - _at).Count(levels.Value);
                _at = next;
            }
            while (Has() && _repetitions[_at] != 0);
        }
    }

    /// <inheritdoc/>
    public override void Read(VectorRows rows)
    {
        var into = (ListRows<T>)rows;
        Require();
        if (_definitions[_at] < levels.Row)
        {
            _at++;
            into.AddNull();
            return;
        }

        do
        {
            ReadRun(into);
        }
        while (Has() && _repetitions[_at] != 0);

        into.EndRow();
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        // Arrays returned to the pool twice would be rented out twice.
        if (!_isDisposed)
        {
            _isDisposed = true;
            ArrayPool<short>.Shared.Return(_definitions);
            ArrayPool<short>.Shared.Return(_repetitions);
            ArrayPool<T>.Shared.Return(_values);
            Close();
        }
    }

    /// <summary>Reads levels and non-null values.</summary>
    /// <returns>Number of levels read; 0 at the end.</returns>
    protected abstract int ReadChunk(short[] definitions, short[] repetitions, T[] values);

    /// <summary>Releases the memory of the values; called once.</summary>
    protected abstract void Close();

    /// <summary>Handles what starts at this level: an empty row, a vector without values, or values of one vector.</summary>
    private void ReadRun(ListRows<T> into)
    {
        short definition = _definitions[_at];
        if (_repetitions[_at] < levels.Repetition)
        {
            if (definition < levels.Vector)
            {
                _at++;
                return;
            }

            into.BeginVector(isNull: definition < levels.Content);
            if (definition < levels.Element)
            {
                _at++;
                return;
            }
        }

        int more = _repetitions.AsSpan(_at + 1, _end - _at - 1).IndexOfAnyExcept(levels.Repetition);
        int next = more < 0 ? _end : _at + 1 + more;
        ReadOnlySpan<short> run = _definitions.AsSpan(_at, next - _at);
        if (run.IndexOfAnyExcept(levels.Value) < 0)
        {
            into.Add(_values.AsSpan(_value, run.Length));
            _value += run.Length;
        }
        else
        {
            foreach (short level in run)
            {
                if (level == levels.Value)
                {
                    into.Add(_values.AsSpan(_value++, 1));
                }
                else
                {
                    into.AddNullValue();
                }
            }
        }

        _at = next;
    }

    private bool Has()
    {
        if (_at == _end)
        {
            _end = ReadChunk(_definitions, _repetitions, _values);
            (_at, _value) = (0, 0);
        }

        return _end > 0;
    }

    private void Require()
    {
        if (!Has())
        {
            throw new EndOfStreamException("a column ends before its row group does");
        }
    }
}

/// <summary>Reads vectors as lists of float.</summary>
internal sealed class FloatListColumn(RowGroupReader group, ParquetLeaf leaf) : ListColumn<float>(ListLevels.Of(leaf))
{
    private readonly ColumnReader<float> _column = (ColumnReader<float>)group.Column(leaf.Index);

    /// <inheritdoc/>
    protected override void Close() => _column.Dispose();

    /// <inheritdoc/>
    protected override int ReadChunk(short[] definitions, short[] repetitions, float[] values) =>
        (int)_column.ReadBatch(Chunk, definitions, repetitions, values, out _);
}

/// <summary>Reads vectors as lists of double, rounded to the nearest float.</summary>
internal sealed class DoubleListColumn(RowGroupReader group, ParquetLeaf leaf) : ListColumn<float>(ListLevels.Of(leaf))
{
    private readonly ColumnReader<double> _column = (ColumnReader<double>)group.Column(leaf.Index);
    private readonly double[] _doubles = ArrayPool<double>.Shared.Rent(Chunk);

    /// <inheritdoc/>
    protected override void Close()
    {
        ArrayPool<double>.Shared.Return(_doubles);
        _column.Dispose();
    }

    /// <inheritdoc/>
    protected override int ReadChunk(short[] definitions, short[] repetitions, float[] values)
    {
        int levels = (int)_column.ReadBatch(Chunk, definitions, repetitions, _doubles, out long there);
        for (int i = 0; i < there; i++)
        {
            values[i] = (float)_doubles[i];
        }

        return levels;
    }
}

/// <summary>Reads vectors as lists of float16 (Parquet's FLOAT16: two bytes, little-endian).</summary>
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

/// <summary>The meaning of the definition levels of a list of vectors: the lowest level at which each thing exists.</summary>
/// <param name="Row">The row is not null.</param>
/// <param name="Vector">It has a vector.</param>
/// <param name="Content">That vector is not null.</param>
/// <param name="Element">It has a value.</param>
/// <param name="Value">That value is not null.</param>
/// <param name="Repetition">The repetition level of a value that continues the vector before it.</param>
internal readonly record struct ListLevels(short Row, short Vector, short Content, short Element, short Value, short Repetition)
{
    /// <summary>The levels of a column of lists of lists, or of lists with one vector per row.</summary>
    public static ListLevels Of(ParquetLeaf leaf)
    {
        short row = (short)(leaf.Repeated[0] - 1);
        short element = leaf.Repeated[^1];
        return leaf.Repeated.Count == 1
            ? new ListLevels(row, row, row, element, leaf.Definition, 1)
            : new ListLevels(row, leaf.Repeated[0], (short)(element - 1), element, leaf.Definition, 2);
    }
}
