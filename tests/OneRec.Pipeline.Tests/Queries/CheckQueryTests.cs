using System.Text.Json.Nodes;
using OneRec.Cli;
using OneRec.Core;
using OneRec.Csv.Types;
using OneRec.Engine;
using OneRec.Inputs.Options;
using OneRec.Pipeline.Configuration;
using OneRec.Pipeline.Queries;
using OneRec.Pipeline.Running;
using OneRec.Pipeline.Steps.Embed;
using OneRec.Pipeline.Steps.Ingest;
using OneRec.Pipeline.Steps.Swing;
using OneRec.Pipeline.Steps.Train;
using OneRec.Pipeline.Tests.Engines.Vectors;
using OneRec.Pipeline.Tests.Steps;

namespace OneRec.Pipeline.Tests.Queries;

public sealed class CheckQueryTests : IDisposable
{
    private readonly StepBench _bench = new();

    [Fact]
    public void Everything_is_told_without_a_run_and_nothing_is_written()
    {
        _bench.Write("items.csv", "item_id,title,tags,stock,v\n1,one,\"a, b\",1,1\n1,ONE,,1,2\n2,two,,0,1\n3,,,1,1\n");
        _bench.Write(
            "log.csv",
            "user_id,item_id,event_time,rating\n1,1,1704067200,5\n1,1,1704067260,5\n1,2,1704067320,4\n2,1,1704067380,4\n2,9,1704153600,5\n2,3,1704067200,1\nx,3,1704067200,5\n");
        IReadOnlyList<CheckFact> facts = Check(new OneRecOptions
        {
            Input = new InputOptions
            {
                Items = _bench["items.csv"],
                Interactions = _bench["log.csv"],
                Where = "rating >= 4",
                Deleted = "stock = 0",
                Tokens = TokenFile.Bytes(_bench["tokens.parquet"], [TokenRow.Of(1L, [(Half)1]), TokenRow.Of(3L, [(Half)2])]),
                BadRows = BadRows.Quarantine,
                Types = new Dictionary<string, ColumnType> { ["user_id"] = ColumnType.BigInt },
            },
            Sections =
            [
                new IngestOptions { Version = "v" },
                new EmbedOptions { Inputs = [new TokensInput()] },
                new TrainOptions { Codes = [2] },
            ],
        });
        Assert.Equal(
            [
                $"path {_bench["items.csv"]}", "format csv", "files 1", "types item_id BIGINT, stock BIGINT, v BIGINT", "items 3",
                "id_type BIGINT", "duplicates 1", "bad_rows 0", "with_title 2 (66.7 %)", "with_caption 0 (0 %)", "with_tags 0 (0 %)",
                "with_asr 0 (0 %)", "with_ocr 0 (0 %)", "without_text 1 (33.3 %)", "deleted 1 (33.3 %)",
            ],
            Texts(facts, "catalogue").Where(t => !t.StartsWith("bytes", StringComparison.Ordinal)));
        Assert.Equal(
            [
                $"path {_bench["log.csv"]}", "format csv", "files 1",
                "types user_id BIGINT, item_id BIGINT, rating BIGINT, event_time in seconds", "rows 7", "positive 5 (71.4 %)",
                "bad_rows 1", "users 2", "items 3", "distinct_pairs 4", "repeated 1 (20 %)", "first_time 2024-01-01 00:00:00 UTC",
                "last_time 2024-01-02 00:00:00 UTC", "in_catalogue 4 (80 %)",
            ],
            Texts(facts, "log").Where(t => !t.StartsWith("bytes", StringComparison.Ordinal)));
        Assert.Equal("""{"count":5,"share":0.7142857142857143}""", Value(facts, "log", "positive")!.ToJsonString());
        Assert.Equal("\"2024-01-01T00:00:00.000000Z\"", Value(facts, "log", "first_time")!.ToJsonString());
        Assert.True(Value(facts, "estimate", "memory_bytes")!.GetValue<long>() > 1 << 20);
        Assert.Equal(1, Value(facts, "estimate", "swing_user_pairs")!.GetValue<long>());
        Assert.False(Directory.Exists(_bench["tables"]));
    }

    [Fact]
    public void What_would_stop_a_run_stops_the_look()
    {
        string items = _bench.Write("items.csv", "item_id,title\nx1,one\n");
        string log = _bench.Write("log.csv", "user_id,item_id,event_time\n1,1,1\n");
        OneRecException refused = Assert.Throws<OneRecException>(() => Check(
            new OneRecOptions { Input = new InputOptions { Items = items, Interactions = log } }));
        Assert.Equal($"item ids are BIGINT in {log}, but STRING in {items}; declare one type for both in input.types", refused.Message);
        Assert.Equal(ErrorKind.Input, refused.Kind);
    }

    [Fact]
    public void Edges_that_do_not_fit_the_memory_are_told()
    {
        StepEstimate? estimate = new SwingStep().Estimate(
            new InputCounts { Edges = 20_000_000, Users = 1_000, Degrees = [(2, 10)] }, new OneRecOptions { MemoryLimit = "256 MiB" });
        Assert.StartsWith("swing holds its edges in memory, about ", estimate!.Problem);
    }

    [Fact]
    public void Inputs_that_only_Spark_reads_are_told_as_not_checked_where_Spark_runs_the_steps()
    {
        _bench.Write("items.csv", "item_id,title\n1,one\n2,two\n");
        var options = new OneRecOptions
        {
            Input = new InputOptions { Items = _bench["items.csv"], Tags = "main.db.tags", Interactions = "hdfs://names/log" },
            Sections = [new EmbedOptions { Inputs = [new TokensInput()] }, new TrainOptions { Codes = [2] }],
        };
        OneRecException refused = Assert.Throws<OneRecException>(() => Check(options));
        Assert.StartsWith("input.tags: main.db.tags is no file or folder here", refused.Message);
        options = options with { Input = options.Input with { Tokens = "hdfs://names/vectors" } };
        IReadOnlyList<CheckFact> facts = Check(options, "spark");
        Assert.Equal(
            [
                "catalogue input.tags=main.db.tags is read by spark, but a check runs in this process without it; 'onerec run' checks it first",
                "log input.interactions=hdfs://names/log is read by spark, but a check runs in this process without it; 'onerec run' checks it first",
                "vectors input.tokens=hdfs://names/vectors is read by spark, but a check runs in this process without it; 'onerec run' checks it first",
            ],
            facts.Where(f => f.Key == "not_checked").Select(f => $"{f.Section} {f.Text}"));
        Assert.Equal("2", facts.Single(f => f is { Section: "catalogue", Key: "items" }).Text);
        Assert.Contains(facts, f => f.Section == "estimate");
    }

    public void Dispose() => _bench.Dispose();

    private static IEnumerable<string> Texts(IEnumerable<CheckFact> facts, string section) =>
        facts.Where(f => f.Section == section).Select(f => $"{f.Key} {f.Text}");

    private static JsonNode? Value(IEnumerable<CheckFact> facts, string section, string key) =>
        facts.Single(f => f.Section == section && f.Key == key).Value;

    private IReadOnlyList<CheckFact> Check(OneRecOptions options, string? runsOn = null)
    {
        OneRecOptions full = options with { Tables = _bench["tables"] };
        using IEngine engine = EngineFactory.Create("local", full, TimeProvider.System, CancellationToken.None, EngineAccess.Read);
        return CheckQuery.Run(engine, full, StepComposition.All, TimeProvider.System, CancellationToken.None, runsOn);
    }
}
