using System.Runtime.InteropServices;
using Apache.Arrow;
using Apache.Arrow.Types;

namespace OneRec.Delta;

/// <summary>Making and reading Arrow buffers.</summary>
internal static class Buffers
{
    /// <summary>A new zeroed buffer of <paramref name="count"/> values.</summary>
    /// <param name="count">Values, at least 0.</param>
    /// <param name="values">The buffer's values, to be filled before it is shared.</param>
    public static ArrowBuffer New<T>(int count, out Span<T> values)
        where T : unmanaged
    {
        int bytes = checked(count * Marshal.SizeOf<T>());
        if (bytes == 0)
        {
            values = [];
            return ArrowBuffer.Empty;
        }

        byte[] memory = new byte[bytes];
        values = MemoryMarshal.Cast<byte, T>(memory.AsSpan());
        return new ArrowBuffer(memory);
    }

    /// <summary>A new zeroed bitmap of <paramref name="count"/> bits.</summary>
    public static ArrowBuffer NewBits(int count, out Span<byte> bits) => New((count + 7) / 8, out bits);

    /// <summary>The values of a fixed-width array, its offset applied.</summary>
    public static ReadOnlySpan<T> Values<T>(ArrayData data)
        where T : unmanaged =>
        data.Length == 0 ? [] : MemoryMarshal.Cast<byte, T>(data.Buffers[1].Span).Slice(data.Offset, data.Length);

    /// <summary>The offsets of a text or list array, one more than its length, its own offset applied.</summary>
    public static ReadOnlySpan<T> Offsets<T>(ArrayData data)
        where T : unmanaged =>
        data.Length == 0 ? new T[1] : MemoryMarshal.Cast<byte, T>(data.Buffers[1].Span).Slice(data.Offset, data.Length + 1);

    /// <summary>Whether a value is there (not null).</summary>
    public static bool IsValid(ArrayData data, int i) =>
        data.DataType is not NullType
        && (data.Buffers[0].IsEmpty || BitUtility.GetBit(data.Buffers[0].Span, data.Offset + i));

    /// <summary>Null values, counted where the array does not say.</summary>
    public static int NullCount(ArrayData data) => data.DataType is NullType
        ? data.Length
        : data.NullCount >= 0
            ? data.NullCount
            : data.Buffers[0].IsEmpty
                ? 0
                : data.Length - BitUtility.CountBits(data.Buffers[0].Span, data.Offset, data.Length);

    /// <summary>The validity bitmap moved to offset 0, to be owned by a new array; empty where nothing is null.</summary>
    public static ArrowBuffer Validity(ArrayData data)
    {
        if (NullCount(data) == 0)
        {
            return ArrowBuffer.Empty;
        }

        if (data.Offset == 0)
        {
            return data.Buffers[0].Retain();
        }

        ArrowBuffer moved = NewBits(data.Length, out Span<byte> bits);
        ReadOnlySpan<byte> from = data.Buffers[0].Span;
        for (int i = 0; i < data.Length; i++)
        {
            if (BitUtility.GetBit(from, data.Offset + i))
            {
                BitUtility.SetBit(bits, i);
            }
        }

        return moved;
    }
}
