using OneRec.Core;
using OneRec.Inputs.Initial;
using OneRec.Inputs.Options;
using OneRec.Pipeline.Configuration;
using OneRec.Pipeline.Tests.Steps;

namespace OneRec.Pipeline.Tests.Inputs;

/// <summary>CSV that another character than a comma separates: refused with the option that reads it, and read with that option.</summary>
public sealed class SeparatorTests : IDisposable
{
    private const string Log = "user_id,item_id,event_time\n1,1,1\n1,2,2\n2,1,1\n2,2,2\n";
    private const string Items = "item_id,title\n1,\"one, or \"\"1\"\"\nand; more | than\tthat\"\n2,two\n";
    private const string Tags = "item_id,tag\n1,a\n1,b\n2,c\n";

    private readonly StepBench _bench = new();

    [Theory]
    [InlineData(';', ";")]
    [InlineData('|', "|")]
    [InlineData('\t', "tab")]
    [InlineData('\t', "\t")]
    public void Tables_are_those_of_the_same_files_with_commas(char separator, string option)
    {
        OneRecOptions commas = Options(",", "commas");
        Write(",", "commas");
        _bench.Run(commas, "ingest", "swing", "pairs");
        string[] expected = [.. Rows()];
        Directory.Delete(_bench["tables"], recursive: true);
        Write(separator.ToString(), "other");
        OneRecOptions options = Options(option, "other");
        OneRecException refused = Assert.Throws<OneRecException>(() => _bench.Run(Options(",", "other"), "ingest", "swing"));
        Assert.EndsWith($"; set input.csv.items.separator={(separator == '\t' ? "tab" : option)}", refused.Message);
        _bench.Run(options, "ingest", "swing", "pairs");
        Assert.Equal(expected, Rows());
        Assert.True(_bench.Run(options, "swing")[0].UpToDate);
    }

    [Fact]
    public void Files_with_two_separators_are_refused_by_name()
    {
        Write(";", "other");
        string log = _bench.Write("other/log.csv", Log);
        OneRecException refused = Assert.Throws<OneRecException>(() => _bench.Run(Options(";", "other"), "ingest", "swing"));
        Assert.Equal(
            $"{log} has no column 'user_id': its header is separated by commas, not by ';'; set input.csv.interactions.separator=,", refused.Message);

        // The cure is followed.
        OneRecOptions options = Options(";", "other");
        _bench.Run(
            options with { Input = options.Input with { Csv = options.Input.Csv with { Interactions = new CsvInputOptions { Separator = "," } } } },
            "ingest",
            "swing");
    }

    [Theory]
    [InlineData("")]
    [InlineData(":")]
    [InlineData(",,")]
    public void Other_separators_are_no_value_of_the_option(string separator)
    {
        var problems = new Problems();
        new InputOptions { Csv = new CsvOptions { Separator = separator } }.Validate(problems);
        Assert.Equal([$"input.csv.separator must be one of , ; | tab space :: (got {separator})"], problems.Lines);
    }

    [Fact]
    public void Init_proposes_the_separator()
    {
        Write("\t", "data");
        string file = _bench["c.json"];
        InitialConfiguration.Write([_bench["data"]], file, _ => null, (_, _) => { });
        Assert.Contains("\"csv\": { \"separator\": \"tab\" }", File.ReadAllText(file));
        Assert.Contains("\"interactions\": \"data/log.csv\"", File.ReadAllText(file));
        Assert.Contains("\"tags\": \"data/tags.csv\"", File.ReadAllText(file));
    }

    public void Dispose() => _bench.Dispose();

    private string[] Rows() =>
        [.. _bench.Table("items").Select(r => string.Join('|', r[..7])), .. _bench.Text("item_similarity"), .. _bench.Text("item_pairs")];

    private void Write(string separator, string folder)
    {
        string Other(string text) => string.Join('"', text.Split('"').Select((part, n) => n % 2 == 0 ? part.Replace(",", separator) : part));
        _bench.Write($"{folder}/log.csv", Other(Log));
        _bench.Write($"{folder}/items.csv", Other(Items));
        _bench.Write($"{folder}/tags.csv", Other(Tags));
    }

    private OneRecOptions Options(string separator, string folder) => new()
    {
        Input = new InputOptions
        {
            Interactions = _bench[$"{folder}/log.csv"],
            Items = _bench[$"{folder}/items.csv"],
            Tags = _bench[$"{folder}/tags.csv"],
            Csv = new CsvOptions { Separator = separator },
        },
    };
}
