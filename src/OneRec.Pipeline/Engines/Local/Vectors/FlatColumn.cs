using ParquetSharp;

namespace OneRec.Pipeline.Engines.Local.Vectors;

/// <summary>Values of a column that is no list, one row after the other; a few hundred are held at a time.</summary>
/// <param name="column">A column of a row group; disposed with this.</param>
/// <param name="definition">The definition level of a value that is there: 0 where none is ever null.</param>
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
    /// <param name="value">Its value. What a <see cref="ByteArray"/> points to lives until the next call.</param>
    /// <returns>False where it is null.</returns>
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

    /// <summary>Passes rows over.</summary>
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
