using System.Globalization;
using OneRec.Csv.Types;

namespace OneRec.Inputs.Sources;

/// <summary>What the numbers of a time column mean, judged by the years that they give.</summary>
/// <param name="Unit">The unit; null if the values are no times since 1970 in one unit that can be read.</param>
/// <param name="Problem">What the values are instead, and what to do; null if there is a unit.</param>
internal sealed record IntegerTimes(InputTimeUnit? Unit, string? Problem)
{
    /// <summary>Whether most values give years from 1990 to 2099 in the unit; otherwise it is a default.</summary>
    public bool IsPlausible { get; private init; }

    /// <summary>Whether the values are dates such as 20240131.</summary>
    public bool AreDates { get; private init; }

    // Seconds of 1990-01-01 and 2100-01-01: other times are rare enough to be called implausible.
    private const long First = 631_152_000;
    private const long Last = 4_102_444_800;

    // A share below this is bad rows rather than a second unit.
    private const double LeastShare = 0.01;

    private static readonly (Kind Kind, long PerSecond, InputTimeUnit? Unit, string Name)[] Scales =
    [
        (Kind.Seconds, 1, InputTimeUnit.S, "seconds"),
        (Kind.Milliseconds, 1_000, InputTimeUnit.Ms, "milliseconds"),
        (Kind.Microseconds, 1_000_000, InputTimeUnit.Us, "microseconds"),
        (Kind.Nanoseconds, 1_000_000_000, null, "nanoseconds"),
    ];

    private enum Kind
    {
        Seconds,
        Milliseconds,
        Microseconds,
        Nanoseconds,
        CalendarDate,
        Other,
    }

    /// <summary>Judges the first values of a column. If most of them are plausible in no unit, they are seconds.</summary>
    /// <param name="values">The values as text.</param>
    public static IntegerTimes Of(IEnumerable<string> values)
    {
        var found = new Dictionary<Kind, (long Count, long Example)>();
        long all = 0;
        foreach (string text in values)
        {
            if (TryWhole(text, out long value))
            {
                all++;
                Kind kind = KindOf(value);
                found[kind] = found.TryGetValue(kind, out (long Count, long Example) seen) ? (seen.Count + 1, seen.Example) : (1, value);
            }
        }

        found.Remove(Kind.Other);
        (Kind Kind, long Example)[] kinds =
        [
            .. found.Where(f => f.Value.Count >= LeastShare * all).OrderBy(f => f.Key).Select(f => (f.Key, f.Value.Example)),
        ];
        return kinds switch
        {
            // Small numbers, such as positions, with a stray large one.
            _ when 2 * found.Values.Sum(f => f.Count) < all => new IntegerTimes(InputTimeUnit.S, null),
            [] => new IntegerTimes(InputTimeUnit.S, null),
            [(Kind.CalendarDate, var example)] => new IntegerTimes(null, CalendarDates(example)) { AreDates = true },
            [var one] => Single(one.Kind, one.Example),
            [var one, var other, ..] => new IntegerTimes(
                null,
                $"mixes {Name(one.Kind)} and {Name(other.Kind)} ({one.Example} and {other.Example}); write all its times in one unit"),
        };
    }

    /// <summary>The name of a unit, such as <c>seconds</c>.</summary>
    public static string Name(InputTimeUnit unit) => Scales.Single(s => s.Unit == unit).Name;

    private static IntegerTimes Single(Kind kind, long example) => Scales.Single(s => s.Kind == kind).Unit is { } unit
        ? new IntegerTimes(unit, null) { IsPlausible = true }
        : new IntegerTimes(null, $"holds nanoseconds since 1970 ({example}); write microseconds, or a TIMESTAMP");

    private static string CalendarDates(long example)
    {
        string date = $"{example / 10_000:0000}-{example / 100 % 100:00}-{example % 100:00}";
        string seconds = DateTimeOffset.FromUnixTimeSeconds(example).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        return $"holds dates as numbers ({example}), which as seconds since 1970 would be {seconds}; set input.timeUnit=ymd to read it as {date}, "
            + "input.columns.time to another column, or input.timeUnit=s if they are seconds";
    }

    private static string Name(Kind kind) =>
        kind == Kind.CalendarDate ? "dates as numbers" : Scales.Single(s => s.Kind == kind).Name + " since 1970";

    // A fraction of a second does not change the year.
    private static bool TryWhole(string text, out long value)
    {
        if (long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value))
        {
            return true;
        }

        bool isNumber = double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number)
            && Math.Abs(number) < long.MaxValue;
        value = isNumber ? (long)number : 0;
        return isNumber;
    }

    private static Kind KindOf(long value)
    {
        foreach ((Kind kind, long perSecond, _, _) in Scales)
        {
            if (value >= First * perSecond && value / perSecond < Last)
            {
                return kind;
            }
        }

        return value is >= 1990_01_01 and <= 2100_12_31
            && DateOnly.TryParseExact(value.ToString(CultureInfo.InvariantCulture), "yyyyMMdd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _)
            ? Kind.CalendarDate
            : Kind.Other;
    }
}
