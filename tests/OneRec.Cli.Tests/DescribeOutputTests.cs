using System.Text.Json.Nodes;

namespace OneRec.Cli.Tests;

/// <summary>How lineages are printed.</summary>
public sealed class DescribeOutputTests
{
    private readonly Started _onerec = new();

    [Fact]
    public void As_text_it_is_sections_whose_data_cannot_control_the_terminal()
    {
        Assert.Equal(0, _onerec.Run("describe", "7", "8", "--set", "codebook=newest"));
        Assert.Equal(["describe 7,8 codebook newest"], _onerec.Backend.Calls);
        Assert.Equal(
            """
            item 7: 12-7 slot 0  Toy \u001b[2J\nStory

            id
              slot        12,000
              deleted at  not deleted
              codes       12, 7
              run         r,1, assign
                          read items version 3

            codebook
              published   as generation 1
                          as generation 3


            """.ReplaceLineEndings("\n"),
            _onerec.Out[.._onerec.Out.IndexOf("item 8", StringComparison.Ordinal)]);
        Assert.EndsWith("as generation 3\n", _onerec.Out, StringComparison.Ordinal);
        Assert.Equal("", _onerec.Error);
    }

    [Fact]
    public void As_JSON_numbers_are_numbers_and_what_is_none_is_null()
    {
        Assert.Equal(0, _onerec.Run("describe", "7", "--output", "json"));
        Assert.Equal(
            """
            {"items":[{"item_id":"7","id":{"slot":12000,"deleted_at":null,"codes":[12,7],"run":{"run_id":"r,1","seconds":0.5,"inputs":{"items":"3"}}},
            "codebook":{"published":[{"generation":1},{"generation":3}]}}]}
            """.ReplaceLineEndings(""),
            JsonNode.Parse(_onerec.Out)!.ToJsonString());
    }

    [Fact]
    public void As_CSV_it_is_a_row_a_value()
    {
        Assert.Equal(0, _onerec.Run("describe", "a,b", "--output", "csv"));
        Assert.Equal(
            "item_id,section,name,value\r\n"
            + "\"a,b\",id,slot,12000\r\n"
            + "\"a,b\",id,deleted_at,\r\n"
            + "\"a,b\",id,codes,\"[12,7]\"\r\n"
            + "\"a,b\",id,run.run_id,\"r,1\"\r\n"
            + "\"a,b\",id,run.seconds,0.5\r\n"
            + "\"a,b\",id,run.inputs.items,3\r\n"
            + "\"a,b\",codebook,published[0].generation,1\r\n"
            + "\"a,b\",codebook,published[1].generation,3\r\n",
            _onerec.Out);
    }

    [Fact]
    public void A_long_line_is_cut_in_text_only()
    {
        string id = new string('x', 191) + "😀" + new string('y', 300);
        _onerec.Run("describe", id);
        string line = _onerec.Out.Split('\n')[0];
        Assert.Equal($"item {new string('x', 191)}...", line);
        _onerec.Run("describe", id, "--output", "json");
        Assert.Equal(id, (string)JsonNode.Parse(_onerec.Out)!["items"]![0]!["item_id"]!);
    }

    [Fact]
    public void Without_an_item_it_is_exit_2()
    {
        Assert.Equal(2, _onerec.Run("describe"));
        Assert.EndsWith("run 'onerec describe --help' for usage\n", _onerec.Error, StringComparison.Ordinal);
        Assert.Empty(_onerec.Backend.Calls);
    }
}
