using System.Globalization;
using System.Numerics;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using Apache.Arrow;
using Apache.Arrow.Types;

namespace OneRec.Delta;

/// <summary>Minimum, maximum and null count of one column of a file, collected batch by batch.</summary>
internal abstract class ColumnBounds
{
    /// <summary>Nulls so far.</summary>
    public long Nulls { get; private set; }

    /// <summary>The collector for a column type; types without an order only count nulls.</summary>
    public static ColumnBounds For(IArrowType type) => type switch
    {
        Int8Type => new Numbers<sbyte>(Whole),
        Int16Type => new Numbers<short>(Whole),
        Int32Type => new Numbers<int>(Whole),
        Int64Type => new Numbers<long>(Whole),
        FloatType => new Numbers<float>(Real),
        DoubleType => new Numbers<double>(Real),
        Date32Type => new Numbers<int>(Day),
        TimestampType { Timezone: "UTC" } => new Numbers<long>(Instant),
        StringType => new Texts(),
        _ => new NullsAlone(),
    };

    /// <summary>Adds a batch's column, which has the exact type.</summary>
    public void Add(ArrayData data)
    {
        int nulls = Buffers.NullCount(data);
        Nulls += nulls;
        if (nulls < data.Length)
        {
            Gather(data, nulls > 0);
        }
    }

    /// <summary>Writes the minimum under a name, if there is one that JSON can represent.</summary>
    public abstract void WriteMin(Utf8JsonWriter w, string name);

    /// <summary>Writes the maximum, or a value above it, under a name, if there is one that JSON can represent.</summary>
    public abstract void WriteMax(Utf8JsonWriter w, string name);

    protected abstract void Gather(ArrayData data, bool someNull);

    private static void Whole<T>(Utf8JsonWriter w, string name, T value, bool isMax)
        where T : INumber<T> => w.WriteNumber(name, long.CreateChecked(value));

    /// <summary>
    /// The shortest text that is read back as the same value. A zero is written as -0.0 below and as 0.0 above, whichever it is,
    /// as Parquet requires of its own statistics: readers that tell the zeros apart skip no row of those that do not. The
    /// fraction keeps readers from taking -0 for a whole number, which has no sign.
    /// </summary>
    private static void Real<T>(Utf8JsonWriter w, string name, T value, bool isMax)
        where T : INumber<T>
    {
        w.WritePropertyName(name);
        w.WriteRawValue(
            T.IsZero(value) ? (isMax ? "0.0" : "-0.0") : value.ToString(null, CultureInfo.InvariantCulture));
    }

    private static void Day(Utf8JsonWriter w, string name, int value, bool isMax)
    {
        long day = value + 719_162L;
        if (day is >= 0 and <= 3_652_058)
        {
            w.WriteString(name, DateOnly.FromDayNumber((int)day).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
        }
    }

    /// <summary>Milliseconds, minimum rounded down and maximum up, because older readers know no finer times here.</summary>
    private static void Instant(Utf8JsonWriter w, string name, long value, bool isMax)
    {
        (long milliseconds, long rest) = Math.DivRem(value, 1_000);
        milliseconds += (rest < 0 ? -1 : 0) + (isMax && rest != 0 ? 1 : 0);
        if (milliseconds is >= -62_135_596_800_000 and <= 253_402_300_799_999)
        {
            w.WriteString(name, DateTimeOffset.FromUnixTimeMilliseconds(milliseconds)
                .ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture));
        }
    }

    private sealed class Numbers<T>(Action<Utf8JsonWriter, string, T, bool> write) : ColumnBounds
        where T : unmanaged, INumber<T>, IMinMaxValue<T>
    {
        private bool _any;

        // Engines disagree on whether NaN is above or below all numbers, so a column that has one gets no bounds.
        private bool _unordered;
        private T _min = T.MaxValue;
        private T _max = T.MinValue;

        public override void WriteMin(Utf8JsonWriter w, string name) => Write(w, name, _min, false);

        public override void WriteMax(Utf8JsonWriter w, string name) => Write(w, name, _max, true);

        protected override void Gather(ArrayData data, bool someNull)
        {
            ReadOnlySpan<T> values = Buffers.Values<T>(data);
            for (int i = 0; i < values.Length; i++)
            {
                if (someNull && !Buffers.IsValid(data, i))
                {
                    continue;
                }

                T value = values[i];
                _unordered |= T.IsNaN(value);
                if (!_any)
                {
                    (_min, _max, _any) = (value, value, true);
                }

                _min = T.MinNumber(value, _min);
                _max = T.MaxNumber(value, _max);
            }
        }

        private void Write(Utf8JsonWriter w, string name, T value, bool isMax)
        {
            if (_any && !_unordered && T.IsFinite(value))
            {
                write(w, name, value, isMax);
            }
        }
    }

    /// <summary>Bounds in the order of unsigned UTF-8 bytes, truncated to <see cref="Prefix"/> characters.</summary>
    private sealed class Texts : ColumnBounds
    {
        /// <summary>Code points kept; Delta Lake keeps the same number of UTF-16 code units.</summary>
        private const int Prefix = 32;

        private static readonly Rune Greatest = new(0x10FFFF);

        private byte[]? _min;
        private byte[]? _max;

        public override void WriteMin(Utf8JsonWriter w, string name)
        {
            if (_min is not null && Utf8.IsValid(_min))
            {
                w.WriteString(name, string.Concat(Encoding.UTF8.GetString(_min).EnumerateRunes().Take(Prefix)));
            }
        }

        public override void WriteMax(Utf8JsonWriter w, string name)
        {
            if (_max is null || !Utf8.IsValid(_max))
            {
                return;
            }

            Rune[] runes = [.. Encoding.UTF8.GetString(_max).EnumerateRunes()];
            int kept = Prefix;
            while (kept < runes.Length && runes[kept] == Greatest)
            {
                kept++;
            }

            // A truncated maximum gets the greatest code point appended, so that it is above every text with that prefix.
            w.WriteString(name, kept >= runes.Length
                ? string.Concat(runes)
                : string.Concat(runes.Take(kept).Append(Greatest)));
        }

        protected override void Gather(ArrayData data, bool someNull)
        {
            ReadOnlySpan<int> offsets = Buffers.Offsets<int>(data);
            ReadOnlySpan<byte> bytes = data.Buffers[2].Span;
            ReadOnlySpan<byte> min = _min;
            ReadOnlySpan<byte> max = _max;
            bool any = _min is not null;
            for (int i = 0; i < data.Length; i++)
            {
                if (someNull && !Buffers.IsValid(data, i))
                {
                    continue;
                }

                ReadOnlySpan<byte> text = bytes[offsets[i]..offsets[i + 1]];
                min = !any || text.SequenceCompareTo(min) < 0 ? text : min;
                max = !any || text.SequenceCompareTo(max) > 0 ? text : max;
                any = true;
            }

            (_min, _max) = (min.ToArray(), max.ToArray());
        }
    }

    private sealed class NullsAlone : ColumnBounds
    {
        public override void WriteMin(Utf8JsonWriter w, string name)
        {
        }

        public override void WriteMax(Utf8JsonWriter w, string name)
        {
        }

        protected override void Gather(ArrayData data, bool someNull)
        {
        }
    }
}
