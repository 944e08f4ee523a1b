using CsCheck;
using OneRec.Report.Plots;

namespace OneRec.Pipeline.Tests.Steps.Report;

public class NiceTicksTests
{
    [Fact]
    public void Ticks_are_round_numbers() => Assert.Equal(
        ["0", "50", "100", "150", "200", "250"],
        NiceTicks.Between(0, 256, 5, whole: true).Labels);

    [Fact]
    public void Decimals_are_as_many_as_the_step_needs() => Assert.Equal(
        ["0.45", "0.50", "0.55", "0.60"],
        NiceTicks.Between(0.44, 0.61, 4).Labels);

    [Fact]
    public void Whole_numbers_stay_whole_on_a_short_axis() => Assert.Equal(
        ["0", "1", "2"],
        NiceTicks.Between(0, 2, 5, whole: true).Labels);

    [Fact]
    public void Ticks_ascend_within_the_axis_and_are_few() => Gen.Select(Gen.Double[-1e9, 1e9], Gen.Double[1e-6, 1e9], Gen.Int[2, 8])
        .Sample((low, width, wanted) =>
        {
            NiceTicks ticks = NiceTicks.Between(low, low + width, wanted);
            Assert.InRange(ticks.Values.Count, 1, (2 * wanted) + 1);
            Assert.All(ticks.Values, v => Assert.InRange(v, low, low + width));
            Assert.All(ticks.Values.Zip(ticks.Values.Skip(1)), pair => Assert.True(pair.First < pair.Second));
            Assert.Equal(ticks.Values.Count, ticks.Labels.Count);
        });

    [Fact]
    public void An_axis_without_length_is_refused() =>
        Assert.Throws<ArgumentException>(() => NiceTicks.Between(1, 1, 4));
}
