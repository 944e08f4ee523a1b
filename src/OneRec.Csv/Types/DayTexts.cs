using System.Globalization;

namespace OneRec.Csv.Types;

/// <summary>Texts of days in other orders than ISO 8601: <c>20240131</c>, <c>01/31/2024</c>, <c>31.1.2024</c>.</summary>
/// <remarks>Between the numbers of the last two is a slash, a full stop or a hyphen, and day and month may have one digit.</remarks>
public static class DayTexts
{
    private const int UnixEpochDay = 719_162;

    /// <summary>The forms of a unit, for SQL.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The unit has no such texts.</exception>
    public static IEnumerable<DayForm> Forms(InputTimeUnit unit)
    {
        if (unit == InputTimeUnit.Ymd)
        {
            return [new DayForm(@"\A[0-9]{8}\z", (0, 4), (4, 2), (6, 2))];
        }

        ArgumentOutOfRangeException.ThrowIfNotEqual(unit is InputTimeUnit.Mdy or InputTimeUnit.Dmy, true, nameof(unit));
        return
            from first in new[] { 2, 1 }
            from second in new[] { 2, 1 }
            let one = (0, first)
            let two = (first + 1, second)
            select new DayForm(
                string.Create(CultureInfo.InvariantCulture, $@"\A[0-9]{{{first}}}[/.-][0-9]{{{second}}}[/.-][0-9]{{4}}\z"),
                (first + second + 2, 4),
                unit == InputTimeUnit.Mdy ? one : two,
                unit == InputTimeUnit.Mdy ? two : one);
    }

    /// <summary>Parses a day of the years 1 to 9999, as days since 1970.</summary>
    public static bool TryParse(ReadOnlySpan<byte> text, InputTimeUnit unit, out int days)
    {
        days = 0;
        return unit == InputTimeUnit.Ymd
            ? text.Length == 8 && TryDays(text[..4], text[4..6], text[6..], out days)
            : TryParts(text, unit == InputTimeUnit.Mdy, out days);
    }

    private static bool TryParts(ReadOnlySpan<byte> text, bool monthFirst, out int days)
    {
        days = 0;
        int one = text.IndexOfAny("/.-"u8);
        int two = one < 0 ? -1 : text[(one + 1)..].IndexOfAny("/.-"u8) + one + 1;
        if (one is < 1 or > 2 || two - one is < 2 or > 3 || text.Length - two != 5)
        {
            return false;
        }

        ReadOnlySpan<byte> first = text[..one];
        ReadOnlySpan<byte> second = text[(one + 1)..two];
        return monthFirst ? TryDays(text[(two + 1)..], first, second, out days) : TryDays(text[(two + 1)..], second, first, out days);
    }

    private static bool TryDays(ReadOnlySpan<byte> year, ReadOnlySpan<byte> month, ReadOnlySpan<byte> day, out int days)
    {
        days = 0;
        if (!TryNumber(year, out int y) || !TryNumber(month, out int m) || !TryNumber(day, out int d)
            || y == 0 || m is < 1 or > 12 || d < 1 || d > DateTime.DaysInMonth(y, m))
        {
            return false;
        }

        days = new DateOnly(y, m, d).DayNumber - UnixEpochDay;
        return true;
    }

    private static bool TryNumber(ReadOnlySpan<byte> digits, out int number)
    {
        number = 0;
        foreach (byte digit in digits)
        {
            if (!char.IsAsciiDigit((char)digit))
            {
                return false;
            }

            number = (number * 10) + (digit - '0');
        }

        return true;
    }
}

/// <summary>A form of texts of days.</summary>
/// <param name="Pattern">Matches the texts.</param>
/// <param name="Year">Where the year is: 0-based place and number of digits.</param>
/// <param name="Month">Where the month is.</param>
/// <param name="Day">Where the day is.</param>
public sealed record DayForm(string Pattern, (int From, int Length) Year, (int From, int Length) Month, (int From, int Length) Day);
