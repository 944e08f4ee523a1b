using Apache.Arrow.Types;
using OneRec.Cli;
using OneRec.Configuration;
using OneRec.Core;
using OneRec.Engine.Sources;
using OneRec.Inputs.Files;
using OneRec.Inputs.Options;
using OneRec.Inputs.Sources;
using OneRec.Pipeline.Configuration;
using OneRec.Pipeline.Tests.Steps;

namespace OneRec.Pipeline.Tests.Inputs;

/// <summary>An input given as a list of paths is one input.</summary>
public sealed class SeveralPathsTests : IDisposable
{
    private const string Header = "user_id,item_id,event_time\n";

    private readonly StepBench _bench = new();

    [Fact]
    public void Rows_of_all_paths_are_read_and_each_file_once()
    {
        string whole = _bench.Write("whole.csv", Header + "1,1,1\n1,2,2\n2,1,1\n2,2,2\n3,1,5\n3,2,6\n");
        _bench.Run(Options(whole), "swing", "pairs");
        string[] expected = [.. _bench.Text("item_similarity"), .. _bench.Text("item_pairs")];
        string a = _bench.Write("a.csv", Header + "1,1,1\n1,2,2\n");
        _bench.Write("folder/b.csv", Header + "2,1,1\n2,2,2\n");
        _bench.Gzip("folder/c-1.csv.gz", Header + "3,1,5\n3,2,6\n");
        _bench.Run(Options(a, _bench["folder"], _bench["folder/c-*"]), "swing", "pairs");
        Assert.Equal(expected, (string[])[.. _bench.Text("item_similarity"), .. _bench.Text("item_pairs")]);
    }

    [Fact]
    public void Bad_row_is_told_by_its_own_file()
    {
        string a = _bench.Write("a.csv", Header + "1,1,1\n");
        string b = _bench.Write("b.csv", Header + "1,1,1\n1,2\n");
        Assert.Equal($"{b}: row 2 has 2 fields, but the header has 3", _bench.Refused(Options(a, b), "swing").Message);
        OneRecOptions options = Options(a, b);
        _bench.Run(options with { Input = options.Input with { BadRows = BadRows.Quarantine } }, "swing");
        Assert.Equal((b, (object?)2L), (_bench.Table("quarantine").Single()[2], _bench.Table("quarantine").Single()[3]));
    }

    [Fact]
    public void Parts_that_do_not_fit_are_refused_by_both_names()
    {
        string csv = _bench.Write("a.csv", Header + "1,1,1\n");
        string other = _bench.Write("b.csv", "item_id,user_id,time\n1,1,1\n");
        string parquet = _bench.Parquet("c.parquet", InputBench.Schema(("user_id", Int64Type.Default)), [1L]);
        string table = _bench.Delta("table", InputBench.Schema(("user_id", Int64Type.Default)), [], [1L]);
        _bench.Write("days/day=2024-01-01/a.csv", Header + "1,1,1\n");
        Refused($"{other} has a different header from {csv}: it has no 'event_time'; make the headers the same", csv, other);
        Refused($"input.interactions: {csv} is CSV, but {parquet} is Parquet; convert one of them", csv, parquet);
        Refused($"input.interactions: {table} and {table} are Delta tables; name one table", table, table);
        Refused($"input.interactions: there is no file or folder {_bench["none.csv"]}", csv, _bench["none.csv"]);
        Refused(
            $"input.interactions: folders of {_bench["days"]} name the column 'day', which a list of paths cannot have; name one folder above "
                + "them, or one pattern",
            csv,
            _bench["days"]);
    }

    [Fact]
    public void Version_depends_on_each_file_and_not_on_the_place_of_the_folders()
    {
        _bench.Write("x/a.csv", Header);
        _bench.Write("y/a.csv", Header + "1,1,1\n");
        string Version(params string[] paths) => InputVersion.Of(InputFiles.OpenAll(LocalInputs.Instance, "input.interactions", new InputPaths(paths)), InputHash.Content);
        string before = Version(_bench["x"], _bench["y"]);
        Assert.NotEqual(before, Version(_bench["y"], _bench["x"]));
        Directory.CreateDirectory(_bench["elsewhere"]);
        Directory.Move(_bench["x"], _bench["elsewhere/x"]);
        Assert.Equal(before, Version(_bench["elsewhere/x"], _bench["y"]));
        _bench.Write("y/a.csv", Header + "1,1,2\n");
        Assert.NotEqual(before, Version(_bench["elsewhere/x"], _bench["y"]));
    }

    [Fact]
    public void Catalogue_and_tags_may_be_lists()
    {
        var options = new OneRecOptions
        {
            Input = new InputOptions
            {
                Items = new InputPaths([_bench.Write("i1.csv", "item_id,title\n1,one\n"), _bench.Write("i2.csv", "item_id,title\n2,two\n")]),
                Tags = new InputPaths([_bench.Write("t1.csv", "item_id,tag\n1,a\n"), _bench.Write("t2.csv", "item_id,tag\n2,b\n1,a\n1,c\n")]),
            },
        };
        _bench.Run(options, "ingest");
        Assert.Equal(["1|one|a, c", "2|two|b"], _bench.Table("items").Select(r => $"{r[0]}|{r[1]}|{r[3]}").Order());
    }

    [Theory]
    [InlineData("""{"input":{"items":["a.csv","/b/c.csv"]}}""", null, "/conf/a.csv, /b/c.csv")]
    [InlineData("""{"input":{"items":"a.csv"}}""", null, "/conf/a.csv")]
    [InlineData("{}", """input.items=["a.csv","/b/c.csv"]""", "/here/a.csv, /b/c.csv")]
    [InlineData("{}", "input.items=a.csv", "/here/a.csv")]
    [InlineData("{}", "input.items=2024", "/here/2024")]
    [InlineData("""{"input":{"items":["a.csv"]}}""", "input.items=null", null)]
    public void Lists_are_read_from_files_and_from_set(string json, string? set, string? expected)
    {
        (OneRecOptions? options, Problems problems) = Load(json, set);
        Assert.Empty(problems.Lines);
        Assert.Equal(expected?.Replace("/conf", _bench["conf"]), options!.Input.Items?.ToString());
    }

    [Theory]
    [InlineData("""{"input":{"items":3}}""", "input.items must be a path or a list of paths (got 3) [")]
    [InlineData("""{"input":{"items":[]}}""", "input.items must be a path or a list of paths (got []) [")]
    [InlineData("""{"input":{"items":["a.csv",null]}}""", "input.items must be a path or a list of paths (got [\"a.csv\",null]) [")]
    [InlineData("""{"input":{"items":["a.csv",""]}}""", "input.items must not be empty; use null for none [")]
    public void Other_values_are_refused(string json, string line) => Assert.StartsWith(line, Load(json, null).Problems.Lines.Single());

    public void Dispose() => _bench.Dispose();

    private static OneRecOptions Options(params string[] paths) => new() { Input = new InputOptions { Interactions = new InputPaths(paths) } };

    private void Refused(string message, params string[] paths)
    {
        OneRecException refused = _bench.Refused(Options(paths), "swing");
        Assert.Equal((message, ErrorKind.Input), (refused.Message, refused.Kind));
    }

    private (OneRecOptions? Options, Problems Problems) Load(string json, string? set)
    {
        var problems = new Problems();
        string file = _bench.Write("conf/c.json", json);
        OneRecOptions? options = StepComposition.All.Load(
            new ConfigurationSources { File = file, Sets = set is null ? [] : [set], WorkingDirectory = "/here" }, problems);
        return (options, problems);
    }
}
