using OneRec.Engine.Spark.Session;

namespace OneRec.Pipeline.Tests.Engines.Spark;

public class SparkDialectTests
{
    private static readonly SparkDialect Dialect = SparkDialect.Instance;

    [Theory]
    [InlineData("a", "'a'")]
    [InlineData("it's", @"'it\'s'")]
    [InlineData(@"\d", @"'\\d'")]
    [InlineData("a\r\nb\0", @"'a\r\nb\0'")]
    public void Text_is_escaped_by_backslashes_alone(string text, string literal) => Assert.Equal(literal, Dialect.Text(text));

    [Fact]
    public void Name_is_quoted_by_backticks() => Assert.Equal("`a``b c`", Dialect.Name("a`b c"));

    [Theory]
    [InlineData(0.1, "CAST('0.1' AS DOUBLE)")]
    [InlineData(-0.0, "CAST('-0' AS DOUBLE)")]
    [InlineData(5e-324, "CAST('5E-324' AS DOUBLE)")]
    [InlineData(double.NaN, "CAST('NaN' AS DOUBLE)")]
    [InlineData(double.NegativeInfinity, "CAST('-Infinity' AS DOUBLE)")]
    public void Double_is_written_so_that_it_reads_back(double value, string sql) => Assert.Equal(sql, Dialect.Real(value));

    [Fact]
    public void Instant_is_in_utc_to_the_microsecond() => Assert.Equal(
        "TIMESTAMP '2016-02-29 21:59:59.123456Z'",
        Dialect.Instant(new DateTimeOffset(2016, 2, 29, 23, 59, 59, TimeSpan.FromHours(2)).AddTicks(1234567)));
}
