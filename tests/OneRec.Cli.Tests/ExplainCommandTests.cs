namespace OneRec.Cli.Tests;

/// <summary>The command line of explain.</summary>
public sealed class ExplainCommandTests
{
    private readonly Started _onerec = new();

    [Fact]
    public void It_takes_several_items_and_a_limit()
    {
        Assert.Equal(0, _onerec.Run("explain", "7", "8", "--limit", "20"));
        Assert.Equal(["explain 7,8 most 20"], _onerec.Backend.Calls);
        Assert.Equal("item 7: 12-7\n\nid\n  sid  12-7\n\nitem 8: 12-7\n\nid\n  sid  12-7\n", _onerec.Out);
    }

    [Theory]
    [InlineData("0")]
    [InlineData("1001")]
    public void A_limit_out_of_range_is_exit_2(string limit)
    {
        Assert.Equal(2, _onerec.Run("explain", "7", "--limit", limit));
        Assert.Contains("--limit must be 1 to 1000", _onerec.Error, StringComparison.Ordinal);
        Assert.Empty(_onerec.Backend.Calls);
    }
}
