using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using CsCheck;
using OneRec.Csv.Types;

namespace OneRec.Csv.Tests.Types;

/// <summary>Compares the parsers with the patterns for the engines' SQL and with the parsers of .NET.</summary>
public sealed class TypedTextTests
{
    private static readonly Gen<string> Numbers = Gen.OneOf(
        Gen.Long.Select(n => n.ToString(CultureInfo.InvariantCulture)),
        Gen.Double.Select(d => d.ToString("R", CultureInfo.InvariantCulture)),
        Gen.Char["0123456789+-.eE x"].Array[0, 8].Select(c => new string(c)),
        Gen.Char["0123456789"].Array[17, 22].Select(c => new string(c)),
        One("", "-", "-0", "0", "007", "9223372036854775807", "9223372036854775808", "-9223372036854775808",
            "-9223372036854775809", "99999999999999999999", "1e308", "1e309", "1e999", "1e1000", "+1", "1.", ".5", "1e", "1e+5"));

    private static readonly Gen<string> Times =
        from year in One("0000", "0001", "1969", "1970", "2023", "2024", "9999", "12345", "20x4")
        from month in One("00", "01", "02", "12", "13")
        from day in One("00", "01", "28", "29", "30", "31", "32")
        from time in One("", "T00:00:00", " 23:59:59", "T24:00:00", "T12:60:00", "T12:00:60", "T12:00", "t12:00:00", "T12:00:00x")
        from fraction in One("", ".1", ".123456", ".1234567", ".")
        from offset in One("", "Z", "z", "+00:00", "-07:30", "+18:00", "+18:01", "+19:00", "+0700", "+02:60")
        select $"{year}-{month}-{day}{time}{(time.Length == 0 ? "" : fraction + offset)}";

    [Fact]
    public void Integers_match_the_pattern_and_the_range() => Numbers.Sample(text =>
    {
        bool expected = Regex.IsMatch(text, TypePatterns.BigInt) && long.TryParse(text, CultureInfo.InvariantCulture, out _);
        Assert.Equal(expected, TypedText.TryBigInt(Bytes(text), out long value));
        Assert.Equal(expected ? long.Parse(text, CultureInfo.InvariantCulture) : 0, value);
    });

    [Fact]
    public void Whole_numbers_match_the_pattern_and_the_range() => Gen.OneOf(
        Numbers, Numbers.Select(n => n + ".0"), Numbers.Select(n => "000" + n), One("0.0", "-0.000000", "1.0000000", "1.", "00", "-007.00", ".0", "-.0", "1.01"))
        .Sample(text =>
        {
            bool expected = Regex.IsMatch(text, TypePatterns.WholeNumber)
                && System.Numerics.BigInteger.Parse(text.Split('.')[0], CultureInfo.InvariantCulture) is var number
                && number >= long.MinValue && number <= long.MaxValue;
            Assert.Equal(expected, TypedText.TryWholeNumber(Bytes(text), out long value));
            Assert.Equal(expected ? (long)System.Numerics.BigInteger.Parse(text.Split('.')[0], CultureInfo.InvariantCulture) : 0, value);
        });

    [Fact]
    public void Decimal_numbers_match_the_pattern_and_the_range() => Numbers.Sample(text =>
    {
        bool expected = Regex.IsMatch(text, TypePatterns.Double) && double.IsFinite(double.Parse(text, CultureInfo.InvariantCulture));
        Assert.Equal(expected, TypedText.TryDouble(Bytes(text), out double value));
        if (expected)
        {
            Assert.Equal(double.Parse(text, CultureInfo.InvariantCulture), value);
        }
    });

    [Fact]
    public void Dates_match_the_pattern_and_the_calendar() => Times.Sample(text =>
    {
        bool inCalendar = DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out DateOnly date);
        bool expected = Regex.IsMatch(text, TypePatterns.Date) && inCalendar;
        Assert.Equal(expected, TypedText.TryDate(Bytes(text), out int days));
        Assert.Equal(expected ? date.DayNumber - new DateOnly(1970, 1, 1).DayNumber : 0, expected ? days : 0);
    });

    [Fact]
    public void Times_match_the_pattern_the_calendar_and_the_years_1_to_9999() => Times.Sample(text =>
    {
        bool expected = Regex.IsMatch(text, TypePatterns.Timestamp) && Expected(text, out _);
        Assert.Equal(expected, TypedText.TryTimestamp(Bytes(text), out long micros));
        if (expected)
        {
            Expected(text, out long due);
            Assert.Equal(due, micros);
        }
    });

    [Theory]
    [InlineData("2024-02-29 10:00:00.5+02:00", InputTimeUnit.Timestamp, 1709193600_500000)]
    [InlineData("1969-12-31", InputTimeUnit.Date, -86400_000000)]
    [InlineData("1700000000", InputTimeUnit.S, 1700000000_000000)]
    [InlineData("-1", InputTimeUnit.Ms, -1000L)]
    [InlineData("253402300799999999", InputTimeUnit.Us, TimeLimits.HighestMicros)]
    [InlineData("253402300800", InputTimeUnit.S, null)]
    [InlineData("-62135596801", InputTimeUnit.S, null)]
    [InlineData("007", InputTimeUnit.S, 7_000_000L)]
    [InlineData("1.5", InputTimeUnit.S, 1_500_000L)]
    public void Times_in_a_unit(string text, InputTimeUnit unit, long? micros)
    {
        Assert.Equal(micros is not null, TypedText.TryMicros(Bytes(text), unit, out long value));
        Assert.Equal(micros ?? 0, micros is null ? 0 : value);
    }

    [Theory]
    [InlineData("true", true)]
    [InlineData("false", true)]
    [InlineData("True", false)]
    [InlineData("", false)]
    public void Booleans(string text, bool isBoolean) => Assert.Equal(isBoolean, TypePatterns.Fits(ColumnType.Boolean, text));

    [Theory]
    [InlineData("007", false)]
    [InlineData("+0.5", true)]
    [InlineData("-00.5", false)]
    [InlineData("0", true)]
    public void Numbers_with_leading_zeros_suggest_text(string text, bool suggests) =>
        Assert.Equal(suggests, TypedText.Suggests(ColumnType.Double, Bytes(text)));

    private static Gen<string> One(params string[] texts) => Gen.Int[0, texts.Length - 1].Select(i => texts[i]);

    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    // In parts, since .NET rejects offsets above 14 hours.
    private static bool Expected(string text, out long micros)
    {
        micros = 0;
        int zone = text.IndexOfAny(['+', 'Z'], 19) is >= 0 and int plus ? plus : text.IndexOf('-', 19);
        string local = (zone < 0 ? text : text[..zone]).Replace('T', ' ');
        if (!DateTime.TryParseExact(
            local, ["yyyy-MM-dd HH:mm:ss", "yyyy-MM-dd HH:mm:ss.FFFFFF"], CultureInfo.InvariantCulture, DateTimeStyles.None, out DateTime time))
        {
            return false;
        }

        string offset = zone < 0 || text[zone] == 'Z' ? "+00:00" : text[zone..];
        var ahead = TimeSpan.ParseExact(offset[1..], @"hh\:mm", CultureInfo.InvariantCulture);
        if (ahead > TimeSpan.FromHours(18))
        {
            return false;
        }

        long ticks = time.Ticks - DateTime.UnixEpoch.Ticks - (offset[0] == '-' ? -ahead.Ticks : ahead.Ticks);
        micros = ticks / 10;
        return micros is >= TimeLimits.LowestMicros and <= TimeLimits.HighestMicros;
    }
}
