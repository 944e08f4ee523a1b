using Apache.Arrow;
using Apache.Arrow.Memory;

namespace OneRec.Engine.Local.Vectors;

/// <summary>Collects values, then returns them as Arrow memory.</summary>
/// <param name="memory">Allocates the returned memory.</param>
/// <param name="most">Maximum number of bytes, at most <see cref="System.Array.MaxLength"/>.</param>
internal sealed class GrowingBuffer<T>(MemoryAllocator memory, int most)
    where T : unmanaged
{
    /// <summary>Batches end at 12 MiB, and the capacity doubles from the size of a row.</summary>
    private const int UsualBytes = 32 << 20;

    /// <summary>
    /// From this size on, the capacity is at once what a batch needs. With doubling, the arrays that were outgrown would stay
    /// in the large object heap until a generation 2 collection.
    /// </summary>
    private const int SmallBytes = 1 << 20;
    private const int BatchBytes = 16 << 20;

    private ArrowBuffer.Builder<T> _values = new();

    /// <summary>Number of values.</summary>
    public int Count => _values.Length;

    /// <summary>Number of bytes.</summary>
    public long Bytes => (long)Count * Size;

    private static unsafe int Size => sizeof(T);

    /// <summary>Adds values.</summary>
    /// <exception cref="OverflowException">There would be more than the maximum.</exception>
    public void Add(ReadOnlySpan<T> values)
    {
        if (Bytes + ((long)values.Length * Size) > most)
        {
            throw new OverflowException();
        }

        if (Bytes + ((long)values.Length * Size) is > SmallBytes and <= BatchBytes && (long)_values.Capacity * Size < BatchBytes)
        {
            _values.Reserve((BatchBytes / Size) - _values.Length);
        }

        _values.Append(values);
    }

    /// <summary>Removes and returns the first values; the others move to the start.</summary>
    public ArrowBuffer Take(int count)
    {
        T[] rest = _values.Span[count..Count].ToArray();
        _values.Resize(count);
        ArrowBuffer taken = _values.Build(memory);

        // The memory of one huge row is not kept for later rows.
        _values = (long)_values.Capacity * Size > UsualBytes ? new ArrowBuffer.Builder<T>() : _values.Resize(0);
        _values.Append(rest);
        return taken;
    }
}
