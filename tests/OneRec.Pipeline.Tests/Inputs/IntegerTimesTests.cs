using OneRec.Csv.Types;
using OneRec.Inputs.Sources;

namespace OneRec.Pipeline.Tests.Inputs;

public sealed class IntegerTimesTests
{
    [Theory]
    [InlineData(InputTimeUnit.S, "1700000000", "1600000000")]
    [InlineData(InputTimeUnit.Ms, "1700000000000", "1700000000001", "0", "-1")]
    [InlineData(InputTimeUnit.Us, "1700000000000000")]
    [InlineData(InputTimeUnit.S, "631152000")]
    [InlineData(InputTimeUnit.S, "4102444799")]
    [InlineData(InputTimeUnit.Ms, "631152000000")]
    [InlineData(InputTimeUnit.S, "1", "2", "1700000000000")]
    [InlineData(InputTimeUnit.S)]
    public void Unit_gives_plausible_years_and_is_seconds_if_none_does(InputTimeUnit unit, params string[] values) =>
        Assert.Equal((unit, null), Of(values));

    [Theory]
    [InlineData("holds nanoseconds since 1970 (1700000000000000000); write microseconds, or a TIMESTAMP", "1700000000000000000")]
    [InlineData(
        "holds dates as numbers (20220408), which as seconds since 1970 would be 1970-08-23; set input.timeUnit=ymd to read it as 2022-04-08, "
            + "input.columns.time to another column, or input.timeUnit=s if they are seconds",
        "20220408",
        "20211231")]
    [InlineData(
        "mixes seconds since 1970 and milliseconds since 1970 (1700000000 and 1700000000001); write all its times in one unit",
        "1700000000001",
        "1700000000")]
    public void Other_integers_are_refused_with_a_cure(string problem, params string[] values) =>
        Assert.Equal((null, problem), Of(values));

    [Fact]
    public void A_rare_value_of_another_scale_is_a_bad_row_and_no_unit()
    {
        string[] values = [.. Enumerable.Repeat("1700000000", 200), "1700000000000"];
        Assert.Equal((InputTimeUnit.S, null), Of(values));
    }

    private static (InputTimeUnit? Unit, string? Problem) Of(string[] values) =>
        IntegerTimes.Of(values) is var times ? (times.Unit, times.Problem) : default;
}
