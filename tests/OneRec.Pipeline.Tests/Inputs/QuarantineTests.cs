using Apache.Arrow;
using Apache.Arrow.Types;
using OneRec.Core;
using OneRec.Csv.Types;
using OneRec.Inputs.Options;
using OneRec.Pipeline.Configuration;
using OneRec.Pipeline.Running;
using OneRec.Pipeline.Tests.Steps;

namespace OneRec.Pipeline.Tests.Inputs;

public sealed class QuarantineTests : IDisposable
{
    private readonly StepBench _bench = new();

    [Fact]
    public void Bad_rows_of_a_log_go_to_quarantine_and_the_others_are_used()
    {
        string file = _bench.Write(
            "log.csv",
            "user_id,item_id,rating\n1,1,5\n1,2,5\n2,1,5\n2,2,5\n3,x,5\n,1,5\n4,1\n5,1,five\n9,\"2\"x,5\n6,y,1\n7,8,5,9\n");
        StepSummary swing = _bench.Run(Options(Types("item_id", "rating")), "swing")[0];
        Assert.Contains(new Fact("quarantined", "6"), swing.Facts);
        Assert.Contains(new Fact("interactions", "4"), swing.Facts);
        Assert.Equal(
            [
                $"run|swing|{file}|10|has 4 fields, but the header has 3|7,8,5,9",
                $"run|swing|{file}|5|column 'item_id' has 'x', which is not a BIGINT; fix the row or set input.types.item_id|3,x,5",
                $"run|swing|{file}|6|column 'user_id' is empty, but ids are required|,1,5",
                $"run|swing|{file}|7|has 2 fields, but the header has 3|4,1",
                $"run|swing|{file}|8|column 'rating' has 'five', which is not a BIGINT; fix the row or set input.types.rating|5,1,five",
                $"run|swing|{file}|9|has text after a closing quote|9,\"2\"x,5",
            ],
            _bench.Text("quarantine").Select(r => r.Replace("|11|", "|10|", StringComparison.Ordinal)).Order(StringComparer.Ordinal));
        Assert.Equal(["1|2", "2|1"], _bench.Table("item_similarity").Select(r => $"{r[0]}|{r[1]}").Order());
        Assert.Contains(_bench.Lines, l => l.StartsWith($"swing: 6 rows of {file} were put into quarantine: ", StringComparison.Ordinal));
    }

    [Fact]
    public void Rows_of_a_run_and_step_are_replaced_by_a_repeated_run()
    {
        _bench.Write("log.csv", "user_id,item_id\n1,1\n1,2\n2,1\n2,2\n3,x\n");
        _bench.Run(Options(Types("item_id")), "swing");
        Assert.Single(_bench.Table("quarantine"));
        _bench.Write("log.csv", "user_id,item_id\n1,1\n1,2\n2,1\n2,2\n3,x\n4,y\n");
        _bench.Run(Options(Types("item_id")), "swing");
        Assert.Equal(2, _bench.Table("quarantine").Count);
        _bench.Write("log.csv", "user_id,item_id\n1,1\n1,2\n2,1\n2,2\n");
        StepSummary clean = _bench.Run(Options(Types("item_id")), "swing")[0];
        Assert.Empty(_bench.Table("quarantine"));
        Assert.DoesNotContain("quarantined", clean.Facts.Select(f => f.Name));
    }

    [Fact]
    public void Invalid_utf8_only_affects_its_row()
    {
        string file = _bench.Write("log.csv", "");
        File.WriteAllBytes(file, [.. "user_id,item_id\n1,1\n1,2\n2,1\n2,2\n3,"u8, 0xFF, .. "\n4,1\n5,"u8, 0xC3, (byte)'\n']);
        StepSummary swing = _bench.Run(Options(Types("item_id")), "swing")[0];
        Assert.Contains(new Fact("quarantined", "2"), swing.Facts);
        Assert.Contains(new Fact("interactions", "5"), swing.Facts);
        Assert.All(_bench.Table("quarantine"), r => Assert.StartsWith("is not UTF-8 (byte 0x", (string)r[4]!), throwIfEmpty: true);
    }

    [Fact]
    public void Bad_rows_of_parquet_have_columns_instead_of_a_number()
    {
        Schema schema = InputBench.Schema(("user_id", StringType.Default), ("item_id", Int64Type.Default), ("event_time", Int64Type.Default));
        string file = _bench.Parquet(
            "log.parquet", schema, ["1", 1L, 1L], ["1", 2L, 2L], ["2", 1L, 1L], ["2", 2L, 2L], ["x", 1L, 3L], ["x", 1L, 3L], [null, 1L, 3L]);
        OneRecOptions options = Options(Types("user_id"), "log.parquet");
        Assert.Contains(new Fact("quarantined", "3"), _bench.Run(options, "swing")[0].Facts);
        Assert.Equal(
            [
                $"run|swing|{file}||column 'user_id' has 'x', which is not a BIGINT; fix the row or set input.types.user_id|{{\"user_id\":\"x\",\"item_id\":\"1\",\"event_time\":\"3\"}}",
                $"run|swing|{file}||column 'user_id' has 'x', which is not a BIGINT; fix the row or set input.types.user_id|{{\"user_id\":\"x\",\"item_id\":\"1\",\"event_time\":\"3\"}}",
                $"run|swing|{file}||column 'user_id' is empty, but ids are required|{{\"user_id\":null,\"item_id\":\"1\",\"event_time\":\"3\"}}",
            ],
            _bench.Text("quarantine"));
    }

    [Fact]
    public void Bad_items_and_tags_are_quarantined_by_ingest()
    {
        string items = _bench.Write("items.csv", "item_id,title,stock\n1,one,3\n,two,4\n3,three,many\n4,four\n");
        string tags = _bench.Write("tags.csv", "item_id,tag\n1,a\nx,b\n,c\n");
        OneRecOptions options = Options(Types("item_id", "stock")) with
        {
            Input = Options(Types("item_id", "stock")).Input with { Items = items, Tags = tags, Deleted = "stock = 0" },
        };
        StepSummary ingest = _bench.Run(options, "ingest")[0];
        Assert.Contains(new Fact("quarantined", "5"), ingest.Facts);
        Assert.Equal(["1|one||a"], _bench.Table("items").Select(r => $"{r[0]}|{r[1]}|{r[2]}|{r[3]}"));
        Assert.Equal(
            [
                $"{items}|2|column 'item_id' is empty, but ids are required",
                $"{items}|3|column 'stock' has 'many', which is not a BIGINT; fix the row or set input.types.stock",
                $"{items}|4|has 2 fields, but the header has 3",
                $"{tags}|2|column 'item_id' has 'x', which is not a BIGINT; fix the row or set input.types.item_id",
                $"{tags}|3|column 'item_id' is empty, but ids are required",
            ],
            _bench.Table("quarantine").Select(r => $"{r[2]}|{r[3]}|{r[4]}").Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Step_fails_if_every_row_is_bad()
    {
        string file = _bench.Write("log.csv", "user_id,item_id\n1,x\n2,y\n");
        OneRecException refused = _bench.Refused(Options(Types("item_id")), "swing");
        Assert.Equal($"{file} has no interactions; 2 rows cannot be parsed", refused.Message);
        Assert.Equal(ErrorKind.Input, refused.Kind);
        Assert.Empty(_bench.Table("quarantine"));
    }

    [Fact]
    public void Setting_is_a_parameter_of_the_plan()
    {
        _bench.Write("log.csv", "user_id,item_id\n1,1\n1,2\n2,1\n2,2\n");
        _bench.Run(Options([]), "swing");
        Assert.True(_bench.Run(Options([]), "swing")[0].UpToDate);
        OneRecOptions fail = Options([]) with { Input = Options([]).Input with { BadRows = BadRows.Fail } };
        Assert.False(_bench.Run(fail, "swing")[0].UpToDate);
    }

    public void Dispose() => _bench.Dispose();

    private static Dictionary<string, ColumnType> Types(params string[] columns) =>
        columns.ToDictionary(c => c, _ => ColumnType.BigInt);

    private OneRecOptions Options(Dictionary<string, ColumnType> types, string log = "log.csv") => new()
    {
        Run = new RunSection { Id = "run" },
        Input = new InputOptions
        {
            Interactions = _bench[log],
            BadRows = BadRows.Quarantine,
            Types = types,
            Where = types.ContainsKey("rating") ? "rating >= 4" : null,
        },
    };
}
