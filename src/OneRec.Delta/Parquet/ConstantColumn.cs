using System.Text;
using Apache.Arrow;
using Apache.Arrow.Types;

namespace OneRec.Delta;

/// <summary>Columns with a single value, such as a partition column's.</summary>
internal static class ConstantColumn
{
    private const long UnixEpochTicks = 621_355_968_000_000_000;
    private static readonly DateOnly UnixEpoch = new(1970, 1, 1);

    /// <summary>An array with the same <see cref="PartitionValue"/> in every row.</summary>
    public static IArrowArray Of(object? value, IArrowType type, int length) => ArrowArrayFactory.BuildArray((type, value) switch
    {
        (_, null) => NullColumn.Of(type, length),
        (StringType, string text) => Bytes(type, Encoding.UTF8.GetBytes(text), length),
        (BinaryType, byte[] bytes) => Bytes(type, bytes, length),
        (Int8Type, long v) => Fixed(type, (sbyte)v, length),
        (Int16Type, long v) => Fixed(type, (short)v, length),
        (Int32Type, long v) => Fixed(type, (int)v, length),
        (Int64Type, long v) => Fixed(type, v, length),
        (FloatType, double v) => Fixed(type, (float)v, length),
        (DoubleType, double v) => Fixed(type, v, length),
        (BooleanType, bool v) => Bits(type, v, length),
        (Date32Type, DateOnly day) => Fixed(type, day.DayNumber - UnixEpoch.DayNumber, length),
        (TimestampType, DateTimeOffset t) => Fixed(type, (t.UtcTicks - UnixEpochTicks) / TimeSpan.TicksPerMicrosecond, length),
        (Decimal128Type d, decimal v) => Fixed(type, Scaled(v, d.Scale), length),
        _ => throw new FormatException($"a partition column cannot be of type {type.Name}"),
    });

    private static ArrayData Fixed<T>(IArrowType type, T value, int length)
        where T : unmanaged
    {
        ArrowBuffer buffer = Buffers.New(length, out Span<T> values);
        values.Fill(value);
        return new ArrayData(type, length, 0, 0, [ArrowBuffer.Empty, buffer]);
    }

    private static ArrayData Bits(IArrowType type, bool value, int length)
    {
        ArrowBuffer buffer = Buffers.NewBits(length, out Span<byte> bits);
        bits.Fill(value ? (byte)0xff : (byte)0);
        return new ArrayData(type, length, 0, 0, [ArrowBuffer.Empty, buffer]);
    }

    private static ArrayData Bytes(IArrowType type, byte[] value, int length)
    {
        ArrowBuffer offsets = Buffers.New(length + 1, out Span<int> ends);
        ArrowBuffer buffer = Buffers.New(checked(value.Length * length), out Span<byte> bytes);
        for (int i = 0; i < length; i++)
        {
            ends[i + 1] = ends[i] + value.Length;
            value.CopyTo(bytes[ends[i]..]);
        }

        return new ArrayData(type, length, 0, 0, [ArrowBuffer.Empty, offsets, buffer]);
    }

    private static Int128 Scaled(decimal value, int scale)
    {
        // A decimal is a 96-bit integer divided by a power of ten.
        int[] parts = decimal.GetBits(value);
        var whole = (Int128)new UInt128((uint)parts[2], ((ulong)(uint)parts[1] << 32) | (uint)parts[0]);
        int shift = scale - ((parts[3] >> 16) & 0xff);
        for (; shift > 0; shift--)
        {
            whole = checked(whole * 10);
        }

        for (; shift < 0; shift++)
        {
            (whole, Int128 rest) = Int128.DivRem(whole, 10);
            if (rest != 0)
            {
                throw new FormatException($"{value} has more than {scale} decimal places");
            }
        }

        return value < 0 ? -whole : whole;
    }
}
