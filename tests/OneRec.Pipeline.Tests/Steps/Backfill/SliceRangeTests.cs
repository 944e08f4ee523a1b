using OneRec.Pipeline.Steps.Backfill;

namespace OneRec.Pipeline.Tests.Steps.Backfill;

/// <summary>Which slices lie between two.</summary>
public sealed class SliceRangeTests
{
    [Theory]
    [InlineData("2024-06-15", "2024-06", null, true)]
    [InlineData("2024-06-15", null, "2024-06", true)]
    [InlineData("2024-07-01", null, "2024-06", false)]
    [InlineData("2024-05-31", "2024-06", null, false)]
    [InlineData("9", "8", "10", true)]
    [InlineData("10", null, "9", false)]
    [InlineData("10", null, "1", false)]
    [InlineData("-3", "-5", "0", true)]
    [InlineData("", null, "z", true)]
    [InlineData("", "a", null, false)]
    [InlineData("é", "a", null, true)]
    [InlineData("anything", null, null, true)]
    public void Both_ends_belong_to_it(string name, string? from, string? to, bool expected) =>
        Assert.Equal(expected, new SliceRange(from, to).Contains(name));
}
