using Apache.Arrow.Types;
using OneRec.Cli;
using OneRec.Configuration;
using OneRec.Core;
using OneRec.Csv.Types;
using OneRec.Inputs.Initial;
using OneRec.Pipeline.Configuration;
using OneRec.Pipeline.Steps.Embed;
using OneRec.Pipeline.Steps.Train;
using OneRec.Pipeline.Tests.Steps;

namespace OneRec.Pipeline.Tests.Inputs;

public sealed class InitialConfigurationTests : IDisposable
{
    private readonly StepBench _bench = new();

    [Fact]
    public void A_movielens_folder_is_recognized()
    {
        _bench.Write("ml/links.csv", "movieId,imdbId,tmdbId\n1,0114709,862\n");
        _bench.Write("ml/movies.csv", "movieId,title,genres\n1,\"Toy \"\"Story\"\"\",Adventure|Comedy\n2,Heat,Crime\n");
        _bench.Write("ml/ratings.csv", "userId,movieId,rating,timestamp\n1,1,5.0,1260759144\n1,2,4.0,1260759145\n2,1,4.5,1260759144\n2,2,4.0,1260759146\n");
        _bench.Write("ml/tags.csv", "userId,movieId,tag,timestamp\n1,1,fun,1260759144\n");
        Init([_bench["ml"]], _bench["conf/onerec.json"]);
        Assert.Equal(
            """
            // Written by 'onerec init' from the first rows of your files. Paths are relative to this file. 'onerec options' lists all
            // options. See what a run would read with 'onerec check --conf FILE', then run 'onerec run --conf FILE'.
            {
              // The Delta tables that steps write.
              "tables": "tables",

              "input": {
                // The log: userId BIGINT, movieId BIGINT, rating DOUBLE, timestamp BIGINT.
                "interactions": "../ml/ratings.csv",
                // 'timestamp' holds seconds since 1970, such as 1260759144.
                "timeUnit": "s",
                // Which rows are positive, in SQL over the log's columns. 'rating' goes up to 5: choose what counts as "liked".
                "where": "rating >= 4",
                // The catalogue: movieId BIGINT, title STRING, genres STRING.
                "items": "../ml/movies.csv",
                // SQL over the catalogue's columns for an item's fields; a column with the same name as its field needs none.
                "itemFields": { "item_id": "movieId" },
                // One tag per row: userId BIGINT, movieId BIGINT, tag STRING, timestamp BIGINT. The column 'genres' of the catalogue is not used.
                "tags": "../ml/tags.csv",
                "columns": { "user": "userId", "item": "movieId", "time": "timestamp", "tagItem": "movieId" },
                // What happens to rows that cannot be parsed: "fail" stops at the first, "quarantine" moves them to a table and continues.
                "badRows": "fail"
              },

              "embed": {
                // What items are embedded from. Name the folder of an ONNX text encoder (docs/method/embeddings.md), such as
                //   { "block": "text", "encoder": "models/all-minilm-l6-v2", "fields": ["title", "caption"] }
                "inputs": []
              },

              "train": {
                // Codes per level, for the 2 items there are now: at least 32 items per code where possible.
                "codes": 2
              }
            }

            """,
            File.ReadAllText(_bench["conf/onerec.json"]));
        OneRecOptions options = Load("conf/onerec.json");
        Assert.Equal(_bench["ml/ratings.csv"], options.Input.Interactions);
        _bench.Run(options, "ingest", "swing", "pairs");
        Assert.Equal(2, _bench.Table("items").Count);
    }

    [Fact]
    public void Times_in_a_plausible_unit_win_over_dates_as_numbers()
    {
        string log = _bench.Write(
            "log.csv", "user_id,item_id,date,time_ms\n1,1,20220408,1649400289000\n1,2,20220408,1649400290000\n2,1,20220409,1649486689000\n2,2,20220409,1649486690000\n");
        Init([log], _bench["onerec.json"]);
        OneRecOptions options = Load("onerec.json");
        Assert.Equal(("time_ms", InputTimeUnit.Ms), (options.Input.Columns.Time, options.Input.TimeUnit));

        // Alone, they are read as dates; without a unit they are refused, since they could be seconds.
        log = _bench.Write("dates.csv", "user_id,item_id,date\n1,1,20220408\n1,2,20220408\n2,1,20220409\n2,2,20220409\n");
        Init([log], _bench["dates.json"]);
        Assert.Contains("'date' holds dates as numbers, such as 20220408.", File.ReadAllText(_bench["dates.json"]), StringComparison.Ordinal);
        Assert.Equal(InputTimeUnit.Ymd, Load("dates.json").Input.TimeUnit);
        _bench.Run(Load("dates.json"), "swing", "pairs");
        OneRecOptions seconds = Load("dates.json");
        Assert.StartsWith(
            $"{log}: column 'date' holds dates as numbers (20220408), which as seconds since 1970 would be 1970-08-23; set input.timeUnit=ymd to read it as 2022-04-08",
            _bench.Refused(seconds with { Input = seconds.Input with { TimeUnit = null } }, "pairs").Message,
            StringComparison.Ordinal);
        _bench.Run(seconds with { Input = seconds.Input with { TimeUnit = InputTimeUnit.S } }, "pairs");
    }

    [Fact]
    public void A_log_of_no_times_is_recognized()
    {
        _bench.Parquet(
            "log.parquet", InputBench.Schema(("user_id", Int64Type.Default), ("item_id", Int64Type.Default), ("ts", Int64Type.Default)), [1L, 1L, null]);
        Init([_bench["log.parquet"]], _bench["onerec.json"]);
        Assert.Contains("// 'ts' holds seconds since 1970.", File.ReadAllText(_bench["onerec.json"]), StringComparison.Ordinal);
    }

    [Fact]
    public void Tables_parts_and_vectors_are_recognized()
    {
        foreach (int day in new[] { 1, 2 })
        {
            _bench.Parquet(
                $"events/day=2024-01-0{day}/part.parquet",
                InputBench.Schema(("viewer_id", StringType.Default), ("video_id", StringType.Default), ("ts", Int64Type.Default), ("liked", BooleanType.Default)),
                ["u1", $"v{day}", 1_704_067_200_000L + day, true]);
        }

        _bench.Delta(
            "catalogue", InputBench.Schema(("id", StringType.Default), ("name", StringType.Default), ("price", DoubleType.Default)), [],
            ["v1", "one", 1.5]);
        WriteVectors("vectors.parquet");
        IReadOnlyList<Fact> facts = Init(
            [_bench["events"], _bench["catalogue"], _bench["vectors.parquet"]], _bench["onerec.json"]);
        Assert.Equal(
            ["input.interactions", "input.items", "input.tokens", "written"], facts.Select(f => f.Name));
        OneRecOptions options = Load("onerec.json");
        Assert.Equal(InputTimeUnit.Ms, options.Input.TimeUnit);
        Assert.Equal("liked", options.Input.Where);
        Assert.Equal(("viewer_id", "video_id", "ts"), (options.Input.Columns.User, options.Input.Columns.Item, options.Input.Columns.Time));
        Assert.Equal(("id", "name"), (options.Input.ItemFields.ItemId, options.Input.ItemFields.Title));
        Assert.Single(options.Section<EmbedOptions>().Inputs);
    }

    [Fact]
    public void Files_are_not_overwritten_and_unknown_inputs_are_an_error()
    {
        string file = _bench.Write("onerec.json", "mine");
        string other = _bench.Write("other.csv", "a,b\n1,2\n");
        OneRecException refused = Assert.Throws<OneRecException>(() => Init([other], file));
        Assert.Equal($"init: {file} already exists; choose another file with --out, or remove it", refused.Message);
        Assert.Equal(ErrorKind.Configuration, refused.Kind);
        Assert.Equal("mine", File.ReadAllText(file));
        refused = Assert.Throws<OneRecException>(() => Init([other], _bench["new.json"]));
        Assert.Equal(
            $"init: {other} has no log (a user and an item per row), catalogue (an item and its texts per row) or vectors (item_id and tokens or embedding); name the files ({other}: its columns match no input (a, b))",
            refused.Message);
        Assert.Equal(ErrorKind.Input, refused.Kind);
        refused = Assert.Throws<OneRecException>(() => Init([_bench["nowhere"]], _bench["new.json"]));
        Assert.Equal($"init: there is no file or folder {_bench["nowhere"]}", refused.Message);
        Assert.False(File.Exists(_bench["new.json"]));
    }

    public void Dispose() => _bench.Dispose();

    private void WriteVectors(string name)
    {
        var element = new Apache.Arrow.Field("element", FloatType.Default, false);
        var list = new Apache.Arrow.ListArray.Builder(element);
        list.Append();
        ((Apache.Arrow.FloatArray.Builder)list.ValueBuilder).Append(1f).Append(2f);
        var schema = new Apache.Arrow.Schema(
            [new Apache.Arrow.Field("item_id", StringType.Default, false), new Apache.Arrow.Field("embedding", new ListType(element), false)], null);
        using var batch = new Apache.Arrow.RecordBatch(
            schema, [new Apache.Arrow.StringArray.Builder().Append("v1").Build(), list.Build()], 1);
        using var writer = new ParquetSharp.Arrow.FileWriter(_bench[name], schema);
        writer.WriteRecordBatch(batch);
        writer.Close();
    }

    private OneRecOptions Load(string file)
    {
        var problems = new Problems();
        OneRecOptions? options = StepComposition.All.Load(
            new ConfigurationSources { File = _bench[file], WorkingDirectory = "/" }, problems);
        Assert.Empty(problems.Lines);
        return options!;
    }

    private static IReadOnlyList<Fact> Init(IReadOnlyList<string> paths, string file) => InitialConfiguration.Write(
        paths,
        file,
        TrainOptions.CodesBelowDefault,
        (draft, problems) => StepComposition.All.Load(
            new ConfigurationSources { File = draft, WorkingDirectory = Path.GetDirectoryName(draft)! }, problems));
}
