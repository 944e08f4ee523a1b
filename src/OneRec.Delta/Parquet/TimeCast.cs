using Apache.Arrow;
using Apache.Arrow.Types;

namespace OneRec.Delta;

/// <summary>Casts times to microseconds. Times that do not fit are an error.</summary>
internal static class TimeCast
{
    private const long MillisecondsADay = 86_400_000;

    public static ArrayData To(ArrayData s, TimestampType target, CastPlace place, Func<int, long> rowOf)
    {
        if (s.DataType is not TimestampType from || (Zoned(from) && !Zoned(target)))
        {
            throw ColumnCast.WrongType(s.DataType, target, place);
        }

        if (from.Unit == TimeUnit.Microsecond)
        {
            return ColumnCast.Share(s, target);
        }

        long up = from.Unit switch { TimeUnit.Second => 1_000_000, TimeUnit.Millisecond => 1_000, _ => 1 };
        long down = from.Unit == TimeUnit.Nanosecond ? 1_000 : 1;
        ReadOnlySpan<long> values = Buffers.Values<long>(s);
        ArrowBuffer buffer = Buffers.New(s.Length, out Span<long> to);
        for (int i = 0; i < s.Length; i++)
        {
            if (!Buffers.IsValid(s, i))
            {
                continue;
            }

            if (values[i] % down != 0 || Int128.Abs(values[i]) * up > long.MaxValue)
            {
                throw place.FailAt(rowOf(i), "delta.value-range", "is a time that cannot be stored in whole microseconds");
            }

            to[i] = values[i] / down * up;
        }

        return new ArrayData(target, s.Length, Buffers.NullCount(s), 0, [Buffers.Validity(s), buffer]);
    }

    /// <summary>The days of dates that are given in milliseconds.</summary>
    public static ArrayData Days(ArrayData s)
    {
        ReadOnlySpan<long> values = Buffers.Values<long>(s);
        ArrowBuffer buffer = Buffers.New(s.Length, out Span<int> to);
        for (int i = 0; i < s.Length; i++)
        {
            to[i] = (int)Math.Floor((double)values[i] / MillisecondsADay);
        }

        return new ArrayData(Date32Type.Default, s.Length, Buffers.NullCount(s), 0, [Buffers.Validity(s), buffer]);
    }

    private static bool Zoned(TimestampType type) => !string.IsNullOrEmpty(type.Timezone);
}
