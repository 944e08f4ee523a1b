using System.Buffers;

namespace OneRec.Pipeline.Engines.Local.Vectors;

/// <summary>
/// Vectors as lists. Values are read in chunks of a fixed number with their levels, so that what is held does not depend
/// on how many a row has.
/// </summary>
/// <remarks>
/// The room for a chunk is borrowed: a file has many row groups, and large arrays made for each would stay until the
/// collector looks at the oldest generation, which a stream that makes nothing else gives it no reason to do.
/// </remarks>
/// <param name="levels">What the levels mean.</param>
internal abstract class ListColumn<T>(ListLevels levels) : VectorColumn
    where T : unmanaged
{
    /// <summary>Values of a chunk.</summary>
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
                // The row ends where the next one starts, which may be in a later chunk.
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
        // Given back twice, they would be lent to two.
        if (!_isDisposed)
        {
            _isDisposed = true;
            ArrayPool<short>.Shared.Return(_definitions);
            ArrayPool<short>.Shared.Return(_repetitions);
            ArrayPool<T>.Shared.Return(_values);
            Close();
        }
    }

    /// <summary>Reads levels and the values that are there.</summary>
    /// <returns>Levels read; 0 at the end.</returns>
    protected abstract int ReadChunk(short[] definitions, short[] repetitions, T[] values);

    /// <summary>Lets go what the reading of values holds; called once.</summary>
    protected abstract void Close();

    /// <summary>What starts at this level: an empty row, a vector without values, or values of one vector.</summary>
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
