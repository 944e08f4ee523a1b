using System.Runtime.InteropServices;
using Apache.Arrow;
using Apache.Arrow.Types;

namespace OneRec.Delta;

/// <summary>Creates and reads Arrow buffers.</summary>
internal static class Buffers
{
    /// <summary>A new zeroed buffer of <paramref name="count"/> values.</summary>
    /// <param name="count">Values, at least 0.</param>
    /// <param name="values">The buffer's values, to be filled before the buffer is shared.</param>
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

    /// <summary>The values of a fixed-width array, from its offset on.</summary>
    public static ReadOnlySpan<T> Values<T>(ArrayData data)
        where T : unmanaged =>
        data.Length == 0 ? [] : MemoryMarshal.Cast<byte, T>(data.Buffers[1].Span).Slice(data.Offset, data.Length);

    /// <summary>The offsets of a text or list array, from its offset on; one more than its length.</summary>
    public static ReadOnlySpan<T> Offsets<T>(ArrayData data)
        where T : unmanaged =>
        data.Length == 0 ? new T[1] : MemoryMarshal.Cast<byte, T>(data.Buffers[1].Span).Slice(data.Offset, data.Length + 1);

    /// <summary>Whether a value is not null.</summary>
    public static bool IsValid(ArrayData data, int i) =>
        data.DataType is not NullType
        && (data.Buffers[0].IsEmpty || BitUtility.GetBit(data.Buffers[0].Span, data.Offset + i));

    /// <summary>The number of nulls, counted if the array does not know it.</summary>
    public static int NullCount(ArrayData data) => data.DataType is NullType
        ? data.Length
        : data.NullCount >= 0
            ? data.NullCount
            : data.Buffers[0].IsEmpty
                ? 0
                : data.Length - BitUtility.CountBits(data.Buffers[0].Span, data.Offset, data.Length);

    /// <summary>The validity bitmap at offset 0, to be owned by a new array; empty if nothing is null.</summary>
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

/// <summary>Estimates the memory that the rows of an Arrow array take.</summary>
public static class ArrowSize
{
    /// <summary>An array's size in bytes; for a slice, the size of its rows.</summary>
    /// <param name="data">The array. For types other than numbers, text, lists and structs, all of its memory is counted.</param>
    public static long Of(ArrayData data)
    {
        long bits = data.Length / 8;
        switch (data.DataType)
        {
            case StringType or BinaryType:
                ReadOnlySpan<int> ends = Buffers.Offsets<int>(data);
                return bits + (4L * data.Length) + ends[^1] - ends[0];
            case ListType or MapType:
                ReadOnlySpan<int> offsets = Buffers.Offsets<int>(data);
                ArrayData child = data.Children[0];
                long whole = Of(child);
                return bits + (4L * data.Length)
                    + (child.Length == 0 ? 0 : (long)((double)whole * (offsets[^1] - offsets[0]) / child.Length));
            case StructType:
                return bits + data.Children.Sum(Of);
            case BooleanType or NullType:
                return 2 * bits;
            case FixedWidthType fixedWidth:
                return bits + ((long)fixedWidth.BitWidth / 8 * data.Length);
            default:
                return data.Buffers.Sum(b => (long)b.Length);
        }
    }
}
