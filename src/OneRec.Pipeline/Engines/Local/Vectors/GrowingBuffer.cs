using System.Runtime.InteropServices;
using Apache.Arrow;

namespace OneRec.Pipeline.Engines.Local.Vectors;

/// <summary>Values gathered one after the other, then handed on as Arrow memory without a copy.</summary>
/// <remarks>
/// Memory is the collector's, as <see cref="OneRec.Kernels.Batches.CollectedMemory"/> has it: a batch may outlive its
/// reader. It doubles as it grows, and starts anew at a usual size after a row that needed more.
/// </remarks>
/// <param name="most">Most bytes, at most <see cref="System.Array.MaxLength"/>.</param>
internal sealed class GrowingBuffer<T>(int most)
    where T : unmanaged
{
    private const int Least = 64 << 10;
    private const int Usual = 16 << 20;

    private byte[] _bytes = [];
    private int _length;

    /// <summary>Values gathered.</summary>
    public int Count => _length / Size;

    /// <summary>Their bytes.</summary>
    public long Bytes => _length;

    private static unsafe int Size => sizeof(T);

    /// <summary>Adds values.</summary>
    /// <exception cref="OverflowException">They would be more than the most.</exception>
    public void Add(ReadOnlySpan<T> values)
    {
        ReadOnlySpan<byte> bytes = MemoryMarshal.AsBytes(values);
        int length = checked(_length + bytes.Length);
        if (length > most)
        {
            throw new OverflowException();
        }

        if (length > _bytes.Length)
        {
            int wanted = (int)Math.Min(most, Math.Max(Math.Max(Least, length), 2L * _bytes.Length));
            byte[] larger = GC.AllocateUninitializedArray<byte>(wanted);
            _bytes.AsSpan(0, _length).CopyTo(larger);
            _bytes = larger;
        }

        bytes.CopyTo(_bytes.AsSpan(_length));
        _length = length;
    }

    /// <summary>Hands the first values on; those after them stay, as the first ones.</summary>
    public ArrowBuffer Take(int count)
    {
        byte[] full = _bytes;
        (int taken, int rest) = (count * Size, _length - (count * Size));
        _bytes = full.Length == 0 ? full : GC.AllocateUninitializedArray<byte>(Math.Max(rest, Math.Min(full.Length, Usual)));
        full.AsSpan(taken, rest).CopyTo(_bytes);
        _length = rest;
        return new ArrowBuffer(full.AsMemory(0, taken));
    }
}
