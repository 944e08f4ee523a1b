namespace OneRec.Cli.Tests;

/// <summary>The command line of prefix.</summary>
public sealed class PrefixCommandTests
{
    private readonly Started _onerec = new();

    [Fact]
    public void It_takes_a_prefix_or_none()
    {
        Assert.Equal(0, _onerec.Run("prefix", "12-7", "--limit", "20"));
        Assert.Equal("prefix 12-7: 2 items\n\nsize\n  items  2\n", _onerec.Out);
        Assert.Equal(0, _onerec.Run("prefix"));
        Assert.Equal(["prefix 12-7 most 20", "prefix none most 10"], _onerec.Backend.Calls);
    }

    [Fact]
    public void JSON_and_CSV_name_the_prefix()
    {
        Assert.Equal(0, _onerec.Run("prefix", "12-7", "--output", "json"));
        Assert.Equal("{\"prefixes\":[{\"prefix\":\"12-7\",\"size\":{\"items\":2}}]}", System.Text.Json.Nodes.JsonNode.Parse(_onerec.Out)!.ToJsonString());
        var csv = new Started();
        Assert.Equal(0, csv.Run("prefix", "12-7", "--output", "csv"));
        Assert.Equal("prefix,section,name,value\r\n12-7,size,items,2\r\n", csv.Out);
    }

    [Fact]
    public void A_limit_out_of_range_is_exit_2()
    {
        Assert.Equal(2, _onerec.Run("prefix", "12", "--limit", "0"));
        Assert.Contains("--limit must be 1 to 1000", _onerec.Error, StringComparison.Ordinal);
    }
}
