using System.Globalization;

namespace OneRec.Csv.Types;

/// <summary>Parses typed values from UTF-8 text, with one function per type.</summary>
public static class TypedText
{
    private const int MaxLongLength = 20;
    private const int MaxWholeDigits = 30;
    private const int MaxZeros = 6;
    private const int DateLength = 10;
    private const int TimeLength = 19;
    private const int UnixEpochDay = 719_162;

    /// <summary>Whether a text is a value of a type.</summary>
    public static bool Fits(ColumnType type, ReadOnlySpan<byte> text) => type switch
    {
        ColumnType.BigInt => TryBigInt(text, out _),
        ColumnType.Double => TryDouble(text, out _),
        ColumnType.Date => TryDate(text, out _),
        ColumnType.Timestamp => TryTimestamp(text, out _),
        ColumnType.Boolean => TryBoolean(text, out _),
        _ => true,
    };

    /// <summary>
    /// Whether a text suggests that its column has a type. A number with leading zeros, such as <c>007</c>, is a value of DOUBLE
    /// but suggests STRING.
    /// </summary>
    public static bool Suggests(ColumnType type, ReadOnlySpan<byte> text) =>
        Fits(type, text) && (type != ColumnType.Double || !HasLeadingZero(text));

    /// <summary>Parses a 64-bit integer without a plus sign or leading zeros.</summary>
    public static bool TryBigInt(ReadOnlySpan<byte> text, out long value)
    {
        value = 0;
        bool negative = text.Length > 0 && text[0] == '-';
        ReadOnlySpan<byte> digits = negative ? text[1..] : text;
        if (digits.Length == 0 || text.Length > MaxLongLength || (digits[0] == '0' && digits.Length > 1))
        {
            return false;
        }

        ulong sum = 0;
        foreach (byte b in digits)
        {
            uint digit = (uint)(b - '0');
            if (digit > 9)
            {
                return false;
            }

            sum = (sum * 10) + digit;
        }

        // 19 digits fit an unsigned number, and so does their comparison with the limits; 20 digits are never a long.
        if (digits.Length > MaxLongLength - 1 || sum > (ulong)long.MaxValue + (negative ? 1UL : 0UL))
        {
            return false;
        }

        value = negative ? (long)(0 - sum) : (long)sum;
        return true;
    }

    /// <summary>
    /// Parses a 64-bit integer that may have leading zeros and a fraction of zeros: <c>0005</c> is 5, <c>3.0</c> is 3. At most 30
    /// digits before the point and 6 after it.
    /// </summary>
    public static bool TryWholeNumber(ReadOnlySpan<byte> text, out long value)
    {
        value = 0;
        bool negative = text.Length > 0 && text[0] == '-';
        ReadOnlySpan<byte> digits = negative ? text[1..] : text;
        if (digits.IndexOf((byte)'.') is >= 0 and int point)
        {
            if (digits.Length - point - 1 is < 1 or > MaxZeros || digits[(point + 1)..].ContainsAnyExcept((byte)'0'))
            {
                return false;
            }

            digits = digits[..point];
        }

        if (digits.Length is 0 or > MaxWholeDigits || digits.ContainsAnyExceptInRange((byte)'0', (byte)'9'))
        {
            return false;
        }

        int zeros = digits[..^1].IndexOfAnyExcept((byte)'0');
        digits = digits[(zeros < 0 ? digits.Length - 1 : zeros)..];
        Span<byte> plain = stackalloc byte[MaxWholeDigits + 1];
        plain[0] = (byte)'-';
        digits.CopyTo(plain[1..]);
        return TryBigInt(plain.Slice(negative ? 0 : 1, digits.Length + (negative ? 1 : 0)), out value);
    }

    /// <summary>Parses a decimal number within the range of a double.</summary>
    public static bool TryDouble(ReadOnlySpan<byte> text, out double value)
    {
        value = 0;
        return IsDecimal(text)
            && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out value)
            && double.IsFinite(value);
    }

    /// <summary>Parses <c>true</c> or <c>false</c>.</summary>
    public static bool TryBoolean(ReadOnlySpan<byte> text, out bool value)
    {
        value = text.SequenceEqual("true"u8);
        return value || text.SequenceEqual("false"u8);
    }

    /// <summary>Parses an ISO 8601 date, years 1 to 9999, as days since 1970.</summary>
    public static bool TryDate(ReadOnlySpan<byte> text, out int days)
    {
        days = 0;
        return text.Length == DateLength && TryDays(text, out days);
    }

    /// <summary>Parses an ISO 8601 time, years 1 to 9999, as microseconds since 1970, UTC.</summary>
    public static bool TryTimestamp(ReadOnlySpan<byte> text, out long micros)
    {
        micros = 0;
        if (text.Length < TimeLength || !TryDays(text, out int days) || text[10] is not ((byte)'T' or (byte)' ')
            || text[13] != ':' || text[16] != ':'
            || !TryNumber(text[11..13], 23, out int hour) || !TryNumber(text[14..16], 59, out int minute)
            || !TryNumber(text[17..19], 59, out int second)
            || !TryFraction(text[TimeLength..], out int fraction, out int length)
            || !TryOffset(text[(TimeLength + length)..], out int offset))
        {
            return false;
        }

        long seconds = (((((days * 24L) + hour) * 60) + minute - offset) * 60) + second;
        micros = (seconds * 1_000_000) + fraction;
        return micros is >= TimeLimits.LowestMicros and <= TimeLimits.HighestMicros;
    }

    /// <summary>Parses a time in the unit of its column, as microseconds since 1970, UTC.</summary>
    public static bool TryMicros(ReadOnlySpan<byte> text, InputTimeUnit unit, out long micros)
    {
        switch (unit)
        {
            case InputTimeUnit.Timestamp:
                return TryTimestamp(text, out micros);
            case InputTimeUnit.Date:
                bool isDate = TryDate(text, out int days);
                micros = days * TimeLimits.DayMicros;
                return isDate;
            case InputTimeUnit.Ymd or InputTimeUnit.Mdy or InputTimeUnit.Dmy:
                bool isDay = DayTexts.TryParse(text, unit, out int day);
                micros = day * TimeLimits.DayMicros;
                return isDay;
            default:
                return TryNumberOfTime(text, TimeLimits.MicrosOf(unit), out micros);
        }
    }

    /// <summary>The microseconds of a number of longer units; a fraction is rounded to the nearest, halves up.</summary>
    /// <param name="number">The number.</param>
    /// <param name="scale">Microseconds per unit.</param>
    /// <param name="micros">Microseconds since 1970; 0 if they are in no year from 1 to 9999.</param>
    public static bool TryScale(double number, long scale, out long micros)
    {
        // As SQL computes it of columns that are DOUBLE: both are exact up to the rounding of the product.
        double scaled = number * scale;
        bool isTime = scaled is >= TimeLimits.LowestMicros and < TimeLimits.HighestMicros + 1;
        micros = isTime ? (long)Math.Floor(scaled + 0.5) : 0;
        return isTime;
    }

    private static bool TryNumberOfTime(ReadOnlySpan<byte> text, long scale, out long micros)
    {
        if (TryBigInt(text, out long number))
        {
            bool isTime = number >= TimeLimits.LowestMicros / scale && number <= TimeLimits.HighestMicros / scale;
            micros = isTime ? number * scale : 0;
            return isTime;
        }

        micros = 0;
        return TryDouble(text, out double fraction) && TryScale(fraction, scale, out micros);
    }

    private static bool HasLeadingZero(ReadOnlySpan<byte> text)
    {
        ReadOnlySpan<byte> digits = text.Length > 0 && text[0] is (byte)'+' or (byte)'-' ? text[1..] : text;
        return digits.Length > 1 && digits[0] == '0' && char.IsAsciiDigit((char)digits[1]);
    }

    private static bool IsDecimal(ReadOnlySpan<byte> text)
    {
        int at = text.Length > 0 && text[0] is (byte)'+' or (byte)'-' ? 1 : 0;
        if (!Digits(text, ref at, int.MaxValue))
        {
            return false;
        }

        if (at < text.Length && text[at] == '.')
        {
            at++;
            if (!Digits(text, ref at, int.MaxValue))
            {
                return false;
            }
        }

        if (at < text.Length && text[at] is (byte)'e' or (byte)'E')
        {
            at++;
            at += at < text.Length && text[at] is (byte)'+' or (byte)'-' ? 1 : 0;
            return Digits(text, ref at, 3) && at == text.Length;
        }

        return at == text.Length;
    }

    /// <summary>Skips digits; false if there are none, or more than the limit.</summary>
    private static bool Digits(ReadOnlySpan<byte> text, ref int at, int most)
    {
        int from = at;
        while (at < text.Length && char.IsAsciiDigit((char)text[at]))
        {
            at++;
        }

        return at > from && at - from <= most;
    }

    private static bool TryDays(ReadOnlySpan<byte> text, out int days)
    {
        days = 0;
        if (text[4] != '-' || text[7] != '-' || !TryNumber(text[..4], 9999, out int year) || year == 0
            || !TryNumber(text[5..7], 12, out int month) || month == 0
            || !TryNumber(text[8..10], 31, out int day) || day == 0 || day > DateTime.DaysInMonth(year, month))
        {
            return false;
        }

        days = new DateOnly(year, month, day).DayNumber - UnixEpochDay;
        return true;
    }

    private static bool TryFraction(ReadOnlySpan<byte> text, out int micros, out int length)
    {
        (micros, length) = (0, 0);
        if (text.Length == 0 || text[0] != '.')
        {
            return true;
        }

        length = 1;
        while (length < text.Length && char.IsAsciiDigit((char)text[length]))
        {
            if (length == 7)
            {
                return false;
            }

            micros = (micros * 10) + (text[length++] - '0');
        }

        for (int digit = length; digit < 7; digit++)
        {
            micros *= 10;
        }

        return length > 1;
    }

    /// <summary>Parses an offset from UTC in minutes, at most 18 hours.</summary>
    private static bool TryOffset(ReadOnlySpan<byte> text, out int minutes)
    {
        minutes = 0;
        if (text.Length == 0 || (text.Length == 1 && text[0] == 'Z') || text.SequenceEqual(" UTC"u8))
        {
            return true;
        }

        if (text.Length != 6 || text[0] is not ((byte)'+' or (byte)'-') || text[3] != ':'
            || !TryNumber(text[1..3], 18, out int hour) || !TryNumber(text[4..6], 59, out int minute)
            || (hour == 18 && minute > 0))
        {
            return false;
        }

        minutes = (text[0] == '-' ? -1 : 1) * ((hour * 60) + minute);
        return true;
    }

    private static bool TryNumber(ReadOnlySpan<byte> digits, int most, out int value)
    {
        value = 0;
        foreach (byte b in digits)
        {
            if (!char.IsAsciiDigit((char)b))
            {
                return false;
            }

            value = (value * 10) + (b - '0');
        }

        return value <= most;
    }
}
