using OneRec.Report.Markup;

namespace OneRec.Pipeline.Tests.Steps.Report;

public class NumberTextTests
{
    [Theory]
    [InlineData(0, "0")]
    [InlineData(1, "1.00")]
    [InlineData(0.09134833828228624, "0.0913")]
    [InlineData(0.9996, "1.00")]
    [InlineData(12.345, "12.3")]
    [InlineData(999.6, "1,000")]
    [InlineData(1234.5, "1,230")]
    [InlineData(-1234567, "-1,230,000")]
    [InlineData(0.000123456, "0.000123")]
    [InlineData(0.0000123456, "1.23e-5")]
    [InlineData(double.NaN, "not a number")]
    [InlineData(double.NegativeInfinity, "minus infinite")]
    public void Measures_have_three_significant_digits(double value, string text) =>
        Assert.Equal(text, NumberText.Measure(value));

    [Theory]
    [InlineData(1, "100\u00A0%")]
    [InlineData(0.99996, "over 99.9\u00A0%")]
    [InlineData(0.984, "98.4\u00A0%")]
    [InlineData(0.05, "5.00\u00A0%")]
    [InlineData(0.0512, "5.12\u00A0%")]
    [InlineData(0, "0\u00A0%")]
    [InlineData(1.204, "120\u00A0%")]
    public void What_is_not_quite_all_never_reads_as_all(double share, string text) =>
        Assert.Equal(text, NumberText.Percent(share));

    [Theory]
    [InlineData(9125, "9,125")]
    [InlineData(0, "0")]
    [InlineData(1234567890123, "1,234,567,890,123")]
    public void Counts_are_told_in_full(long value, string text) => Assert.Equal(text, NumberText.Count(value));

    [Theory]
    [InlineData(0, "0\u00A0ms")]
    [InlineData(0.0853, "85.0\u00A0ms")]
    [InlineData(0.812, "812\u00A0ms")]
    [InlineData(12.34, "12.3\u00A0s")]
    [InlineData(205.3, "3\u00A0min 25\u00A0s")]
    [InlineData(7500, "2\u00A0h 5\u00A0min")]
    public void Spans_have_units_of_their_size(double seconds, string text) =>
        Assert.Equal(text, NumberText.Seconds(seconds));
}
