using Apache.Arrow;
using Apache.Arrow.Memory;

namespace OneRec.Engine.Local.Vectors;

/// <summary>Values gathered one after the other, then handed on as Arrow memory.</summary>
/// <param name="memory">Gives the memory that is handed on.</param>
/// <param name="most">Most bytes, at most <see cref="System.Array.MaxLength"/>.</param>
internal sealed class GrowingBuffer<T>(MemoryAllocator memory, int most)
    where T : unmanaged
{
    /// <summary>Batches end at 12 MiB, and the room doubles from the size of a row.</summary>
    private const int UsualBytes = 32 << 20;

    /// <summary>
    /// From here on the room is at once what a batch needs: by doubling, what was outgrown would lie in the heap of large
    /// objects until the oldest generation is collected.
    /// </summary>
    private const int SmallBytes = 1 << 20;
    private const int BatchBytes = 16 << 20;

    private ArrowBuffer.Builder<T> _values = new();

    /// <summary>Values gathered.</summary>
    public int Count => _values.Length;

    /// <summary>Their bytes.</summary>
    public long Bytes => (long)Count * Size;

    private static unsafe int Size => sizeof(T);

    /// <summary>Adds values.</summary>
    /// <exception cref="OverflowException">They would be more than the most.</exception>
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

    /// <summary>Hands the first values on; those after them stay, as the first ones.</summary>
    public ArrowBuffer Take(int count)
    {
        T[] rest = _values.Span[count..Count].ToArray();
        _values.Resize(count);
        ArrowBuffer taken = _values.Build(memory);

        // What one huge row needed is not kept for those after it.
        _values = (long)_values.Capacity * Size > UsualBytes ? new ArrowBuffer.Builder<T>() : _values.Resize(0);
        _values.Append(rest);
        return taken;
    }
}
