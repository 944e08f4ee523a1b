using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using CsCheck;
using OneRec.Csv.Types;

namespace OneRec.Csv.Tests.Types;

/// <summary>Days in other orders than ISO 8601, and numbers of seconds with a fraction.</summary>
public sealed class DayTextsTests
{
    [Theory]
    [InlineData("20240229", InputTimeUnit.Ymd, "2024-02-29")]
    [InlineData("20230229", InputTimeUnit.Ymd, null)]
    [InlineData("2024029", InputTimeUnit.Ymd, null)]
    [InlineData("00000101", InputTimeUnit.Ymd, null)]
    [InlineData("1/31/2024", InputTimeUnit.Mdy, "2024-01-31")]
    [InlineData("31.1.2024", InputTimeUnit.Dmy, "2024-01-31")]
    [InlineData("31-01-2024", InputTimeUnit.Dmy, "2024-01-31")]
    [InlineData("31/01/2024", InputTimeUnit.Mdy, null)]
    [InlineData("1/31/24", InputTimeUnit.Mdy, null)]
    [InlineData("1/31/20245", InputTimeUnit.Mdy, null)]
    [InlineData("001/31/2024", InputTimeUnit.Mdy, null)]
    [InlineData("1//2024", InputTimeUnit.Mdy, null)]
    [InlineData("1/31/2024 ", InputTimeUnit.Mdy, null)]
    [InlineData("", InputTimeUnit.Dmy, null)]
    public void Days_are_those_of_the_calendar(string text, InputTimeUnit unit, string? day)
    {
        bool isDay = DayTexts.TryParse(Encoding.UTF8.GetBytes(text), unit, out int days);
        Assert.Equal(day, isDay ? DateOnly.FromDayNumber(days + 719_162).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) : null);
    }

    [Fact]
    public void Every_day_is_read_as_it_is_written_and_the_forms_for_sql_find_its_parts() => Gen.Int[0, DateOnly.MaxValue.DayNumber].Sample(
        number =>
        {
            DateOnly day = DateOnly.FromDayNumber(number);
            foreach ((InputTimeUnit unit, string format) in new[]
            {
                (InputTimeUnit.Ymd, "yyyyMMdd"), (InputTimeUnit.Mdy, "MM'/'dd'/'yyyy"), (InputTimeUnit.Mdy, "M'-'d'-'yyyy"), (InputTimeUnit.Dmy, "d'.'MM'.'yyyy"),
            })
            {
                string text = day.ToString(format, CultureInfo.InvariantCulture);
                Assert.True(DayTexts.TryParse(Encoding.UTF8.GetBytes(text), unit, out int days));
                Assert.Equal(number - 719_162, days);
                DayForm form = DayTexts.Forms(unit).Single(f => Regex.IsMatch(text, f.Pattern));
                Assert.Equal(
                    [day.Year, day.Month, day.Day],
                    new[] { form.Year, form.Month, form.Day }.Select(p => int.Parse(text.AsSpan(p.From, p.Length), CultureInfo.InvariantCulture)));
            }
        },
        iter: 10_000);

    [Theory]
    [InlineData("1577836800.25", InputTimeUnit.S, 1_577_836_800_250_000)]
    [InlineData("1.5778368e9", InputTimeUnit.S, 1_577_836_800_000_000)]
    [InlineData("-0.0000005", InputTimeUnit.S, 0L)]
    [InlineData("-0.0000015", InputTimeUnit.S, -1L)]
    [InlineData("1577836800000.5", InputTimeUnit.Ms, 1_577_836_800_000_500)]
    [InlineData("1.5", InputTimeUnit.Us, 2L)]
    [InlineData("253402300800.0", InputTimeUnit.S, null)]
    [InlineData("1e300", InputTimeUnit.S, null)]
    [InlineData("1e", InputTimeUnit.S, null)]
    [InlineData("NaN", InputTimeUnit.S, null)]
    public void Fractions_are_rounded_to_the_microsecond(string text, InputTimeUnit unit, long? micros) =>
        Assert.Equal(micros, TypedText.TryMicros(Encoding.UTF8.GetBytes(text), unit, out long value) ? value : null);

    [Fact]
    public void A_time_may_end_with_utc()
    {
        Assert.True(TypedText.TryTimestamp("2019-10-01 00:00:01.5 UTC"u8, out long micros));
        Assert.Equal(1_569_888_001_500_000, micros);
        Assert.False(TypedText.TryTimestamp("2019-10-01 00:00:01 utc"u8, out _));
        Assert.Matches(TypePatterns.Timestamp, "2019-10-01 00:00:01.5 UTC");
    }
}
