namespace OneRec.Cli.Tests;

/// <summary>The command line of diff.</summary>
public sealed class DiffCommandTests
{
    private readonly Started _onerec = new();

    [Fact]
    public void It_takes_no_side_one_or_two()
    {
        Assert.Equal(0, _onerec.Run("diff"));
        Assert.Equal("diff previous..current: 1 of 2 items moved\n\nitems\n  moved  1\n", _onerec.Out);
        Assert.Equal(0, _onerec.Run("diff", "@12", "--prefix", "12-7"));
        Assert.Equal(0, _onerec.Run("diff", "@2026-11-30T02:00:00Z", "newest", "--limit", "5"));
        Assert.Equal(
            [
                "diff DiffRequest { From = , To = , Prefix = , Most = 10 }",
                "diff DiffRequest { From = @12, To = , Prefix = 12-7, Most = 10 }",
                "diff DiffRequest { From = @2026-11-30T02:00:00Z, To = newest, Prefix = , Most = 5 }",
            ],
            _onerec.Backend.Calls);
    }

    [Fact]
    public void JSON_is_one_object_and_CSV_a_row_per_value()
    {
        Assert.Equal(0, _onerec.Run("diff", "--output", "json"));
        Assert.Equal("{\"diff\":\"previous..current\",\"items\":{\"moved\":1}}", System.Text.Json.Nodes.JsonNode.Parse(_onerec.Out)!.ToJsonString());
        var csv = new Started();
        Assert.Equal(0, csv.Run("diff", "--output", "csv"));
        Assert.Equal("diff,section,name,value\r\nprevious..current,items,moved,1\r\n", csv.Out);
    }

    [Fact]
    public void The_items_are_rows()
    {
        Assert.Equal(0, _onerec.Run("diff", "previous", "current", "--items", "--output", "json"));
        Assert.StartsWith("{\"items\":[\n{", _onerec.Out, StringComparison.Ordinal);
        Assert.StartsWith("diff items DiffRequest", Assert.Single(_onerec.Backend.Calls), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("0")]
    [InlineData("1001")]
    public void A_limit_out_of_range_is_exit_2(string limit)
    {
        Assert.Equal(2, _onerec.Run("diff", "--limit", limit));
        Assert.Contains("--limit must be 1 to 1000", _onerec.Error, StringComparison.Ordinal);
    }
}
