using System.Text.Json.Nodes;
using Apache.Arrow;
using Apache.Arrow.Types;
using OneRec.Cli.Backend;
using OneRec.Cli.Output;
using OneRec.Core;
using OneRec.Engine;
using OneRec.Export;
using OneRec.Pipeline.Compare;
using OneRec.Pipeline.Queries;
using OneRec.Pipeline.Queries.Describe;
using OneRec.Pipeline.Queries.Diff;
using OneRec.Pipeline.Queries.Verify;
using OneRec.Pipeline.Running;
using OneRec.Pipeline.Steps.Embed;
using OneRec.Sampling;

namespace OneRec.Cli.Tests;

/// <summary>A backend that tells what it was asked and gives fixed answers.</summary>
internal sealed class FakeBackend : ICommandBackend
{
    /// <summary>What was asked, a line each.</summary>
    public List<string> Calls { get; } = [];

    /// <summary>What <c>Run</c> does before it answers.</summary>
    public Action<IRunObserver>? During { get; set; }

    /// <summary>What <c>Run</c> answers.</summary>
    public Func<IReadOnlyList<string>, RunSummary> Answer { get; set; } = steps => new RunSummary(
        "r1",
        [.. steps.Take(2).Select((s, i) => new StepSummary(
            s, i == 0, 1.26, 100 << 20, i == 0 ? 0 : 9125, [new TableVersion(s + "_table", i)], [Fact.Of("users", 671)])
        {
            Result = i == 1 ? "/data/page.html" : null,
            Since = i == 0 ? "r0" : null,
            Bytes = i == 0 ? default : new EngineBytes(2 << 20, 1024),
        })],
        2.5,
        200 << 20);

    /// <summary>The rows of every query.</summary>
    public Func<RowSet> Rows { get; set; } = TwoRows;

    public StepCatalogue Steps { get; init; } = StepComposition.All;

    public string Version => "1.2.3+abc";

    public RunSummary Run(Session session, IReadOnlyList<string> steps, IRunObserver observer)
    {
        Calls.Add($"run {string.Join(',', steps)} engine {session.Engine} seed {session.Options.Seed}");
        During?.Invoke(observer);
        session.Cancellation.ThrowIfCancellationRequested();
        return Answer(steps);
    }

    public RowSet Forecast(Session session) => Query("forecast");

    public RowSet Runs(Session session, int limit, bool failed) => Query($"runs limit {limit} failed {failed}");

    public RowSet RunSteps(Session session, string runId) => Query($"steps of {runId}");

    public RowSet LookupItems(Session session, IReadOnlyList<string> items) => Query($"items {string.Join(',', items)}");

    public RowSet LookupPrefix(Session session, string sid, int limit) => Query($"sid {sid} limit {limit}");

    public IReadOnlyList<Lineage> Describe(Session session, IReadOnlyList<string> items)
    {
        Calls.Add($"describe {string.Join(',', items)} codebook {session.Options.Codebook}");
        return
        [
            .. items.Select(item => new Lineage(
                item,
                "12-7 slot 0  Toy \u001b[2J\nStory",
                [
                    new LineageSection(
                        "id",
                        [
                            new LineageFact("slot", 12_000, ["12,000"]),
                            new LineageFact("deleted_at", null, ["not deleted"]),
                            new LineageFact("codes", new JsonArray(12, 7), ["12, 7"]),
                            new LineageFact(
                                "run", new JsonObject { ["run_id"] = "r,1", ["seconds"] = 0.5, ["inputs"] = new JsonObject { ["items"] = "3" } }, ["r,1, assign", "read items version 3"]),
                        ]),
                    new LineageSection(
                        "codebook",
                        [new LineageFact("published", new JsonArray(new JsonObject { ["generation"] = 1 }, new JsonObject { ["generation"] = 3 }), ["as generation 1", "as generation 3"])]),
                ])),
        ];
    }

    public IReadOnlyList<Lineage> Explain(Session session, IReadOnlyList<string> items, int most)
    {
        Calls.Add($"explain {string.Join(',', items)} most {most}");
        return [.. items.Select(item => new Lineage(item, "12-7", [new LineageSection("id", [new LineageFact("sid", "12-7", ["12-7"])])]))];
    }

    public Lineage Prefix(Session session, string? prefix, int most)
    {
        Calls.Add($"prefix {prefix ?? "none"} most {most}");
        return new Lineage(prefix ?? "all", "2 items", [new LineageSection("size", [new LineageFact("items", 2, ["2"])])]);
    }

    public Lineage Diff(Session session, DiffRequest request)
    {
        Calls.Add($"diff {request}");
        return new Lineage("previous..current", "1 of 2 items moved", [new LineageSection("items", [new LineageFact("moved", 1, ["1"])])]);
    }

    public RowSet DiffItems(Session session, DiffRequest request) => Query($"diff items {request}");

    public Comparison Compare(Session session, CompareRequest request, IRunObserver observer)
    {
        Calls.Add($"compare {string.Join(',', request.Ids)} {string.Join(',', request.Embeddings)}");
        return new Comparison(
            [("items", 9125)],
            new CompareTable(["current", "hash"], [new CompareRow("unique IDs / items", null, [0.75, 1]), new CompareRow("codes used", 1, [0.5, null])]),
            new CompareTable([], []));
    }

    public RowSet Sql(Session session, string select) => Query($"sql {select}");

    public ISqlTables OpenSql(Session session) => throw new NotSupportedException("a prompt is tested with tables of its own");

    public IReadOnlyList<VerifiedFact> Verify(Session session, bool all, IRunObserver observer)
    {
        Calls.Add(all ? "verify all" : "verify");
        return
        [
            new VerifiedFact("items", "files", 3, "version 7, 1.2 MiB", []),
            new VerifiedFact("semantic_ids", "one ID an item", 9_125, "", all ? ["semantic_ids: 1 items have more than one ID"] : []),
        ];
    }

    public IReadOnlyList<CheckFact> Check(Session session)
    {
        Calls.Add("check");
        return
        [
            new CheckFact("catalogue", "items", "9,125", 9125), new CheckFact("log", "rows", "100,004", 100_004),
            new CheckFact("log", "positive", "50 (50 %)", new JsonObject { ["count"] = 50, ["share"] = 0.5 }),
        ];
    }

    public IReadOnlyList<Fact> Export(Session session, ExportRequest request, IRunObserver observer)
    {
        Calls.Add($"export {request} codebook {session.Options.Codebook}");
        return [Fact.Of("items", 9_125)];
    }

    public IReadOnlyList<Fact> Init(IReadOnlyList<string> paths, string file)
    {
        Calls.Add($"init {string.Join(',', paths)} {file}");
        return [new Fact("written", file)];
    }

    public IReadOnlyList<Fact> CheckModel(Session session, string folder, string? manifest, string text, string? image)
    {
        Calls.Add($"model check {folder} {manifest} {text} {image} {session.Options.Section<EmbedOptions>().Device}");
        return [new Fact("kind", "text")];
    }

    public IReadOnlyList<Fact> Sample(
        string folder, SampleOptions options, IRunObserver observer, CancellationToken cancellation)
    {
        Calls.Add($"sample {folder} {options}");
        return [new Fact("items", "10")];
    }

    private RowSet Query(string call)
    {
        Calls.Add(call);
        return Rows();
    }

    /// <summary>Two rows: an id, a text with a comma and a quote, and nulls.</summary>
    public static RowSet TwoRows()
    {
        var schema = new Schema(
            [
                new Field("item_id", Int64Type.Default, false),
                new Field("title", StringType.Default, true),
                new Field("codes", new ListType(new Field("element", Int32Type.Default, false)), true),
            ],
            null);
        ListArray.Builder codes = new(new Field("element", Int32Type.Default, false));
        codes.Append();
        ((Int32Array.Builder)codes.ValueBuilder).Append(12).Append(7);
        codes.AppendNull();
        return new RowSet(
            schema,
            [
                new RecordBatch(
                    schema,
                    [
                        new Int64Array.Builder().Append(1).Append(20).Build(),
                        new StringArray.Builder().Append("Toy \"Story\", 1995").AppendNull().Build(),
                        codes.Build(),
                    ],
                    2),
            ]);
    }
}
