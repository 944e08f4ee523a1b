using Apache.Arrow;
using Apache.Arrow.Types;
using OneRec.Cli;
using OneRec.Engine;
using OneRec.Engine.Relations;
using OneRec.Engine.Tables;
using OneRec.Pipeline.Configuration;
using OneRec.Pipeline.Running;
using OneRec.Pipeline.Tables;
using OneRec.Report;
using OneRec.Testing;

namespace OneRec.Pipeline.Tests.Steps.Report;

/// <summary>Small tables that a report is made of, written by the local engine; ids as the caller wants them.</summary>
internal sealed class ReportTables : IDisposable
{
    public const string Codebook = "c0de00000000beef";

    private static readonly DateTimeOffset Then = new(2026, 11, 24, 12, 0, 0, TimeSpan.Zero);

    private readonly ScratchFolder _folder = new();
    private readonly bool _textIds;
    private IEngine? _open;

    public ReportTables(bool textIds = false)
    {
        _textIds = textIds;
        Options = new OneRecOptions
        {
            Tables = _folder["tables"],
            Threads = 2,
            MemoryLimit = "512 MiB",
            Run = new RunSection { Id = "run-2" },
            Sections = [new ReportOptions { Path = _folder["out/report.html"] }],
        };
    }

    public OneRecOptions Options { get; set; }

    public string Page => Options.Section<ReportOptions>().Path;

    private IArrowType IdType => _textIds ? StringType.Default : Int64Type.Default;

    /// <summary>An id as the tables hold it; texts are padded so that both kinds are ordered alike.</summary>
    public object Id(int id) => _textIds ? $"item{id:00}" : (long)id;

    public RunSummary Report()
    {
        using IEngine engine = Open();
        var runner = new JobRunner(engine, Options, new SilentObserver(), new FixedClock(Then), new StepCatalogue([new ReportStep()]));
        return runner.Run(["report"], CancellationToken.None);
    }

    /// <summary>Everything: 7 items, of which 7 is deleted and 6 has neither title nor neighbours.</summary>
    public ReportTables Fill(bool shuffled = false)
    {
        string?[] titles = [SampleReport.HostileTitles[0], "two", "three", "four", "five", null, "gone"];
        string[] sids = ["0-1", "0-1", "0-0", "2-1", "2-1", "3-1", "0-1"];
        int[] slots = [0, 1, 0, 0, 1, 0, 2];
        var items = new List<object?[]>();
        var ids = new List<object?[]>();
        for (int i = 0; i < titles.Length; i++)
        {
            object? deleted = i == 6 ? Then : null;
            int[] codes = [.. sids[i].Split('-').Select(int.Parse)];
            items.Add([Id(i + 1), titles[i], null, null, null, null, "hash", Then, deleted]);
            ids.Add([Id(i + 1), sids[i], codes[0], slots[i], codes[^1], 0.1f, "hash", Then, deleted, i < 4 ? "run-0" : "run-1", Codebook]);
        }

        List<object?[]> similar =
        [
            Similar(1, 2, 0.5, 1, 9), Similar(1, 4, 0.25, 2, 8), Similar(1, 7, 0.125, 3, 7),
            Similar(2, 1, 0.5, 1, 9), Similar(4, 1, 0.25, 1, 8), Similar(5, 3, 0.75, 1, 2), Similar(3, 5, 0.75, 1, 2),
        ];
        if (shuffled)
        {
            items.Reverse();
            ids.Reverse();
            similar.Reverse();
        }

        using IEngine engine = Open();
        _open = engine;
        Write(OneRecTables.Items(IdType), "ingest", "run-1", items);
        Write(OneRecTables.ItemSimilarity(IdType), "swing", "run-1", similar);
        Codebooks();
        WriteIds(ids);
        Write(OneRecTables.Quality(), "train", "run-0", [.. Trained("run-0"), .. Evaluated("run-0", 0.5)]);
        Write(OneRecTables.Quality(), "evaluate", "run-1", [.. Evaluated("run-1", 0.75)]);
        Write(OneRecTables.Runs(), "runs", "run-1", [Ran("run-0", "evaluate", 0), Ran("run-1", "evaluate", 2), Ran("run-1", "swing", 1), Ran("run-0", "report", 3)]);
        Publish(1);
        _open = null;
        return this;
    }

    /// <summary>One more ID, given by run-1.</summary>
    public void WriteId(int id, string sid) =>
        WriteIds([[Id(id), sid, int.Parse(sid.Split('-')[0]), 0, 0, 0.1f, "hash", Then, null, "run-1", Codebook]]);

    public void Publish(long generation) =>
        Write(OneRecTables.Published(), "publish", "run-1", [[generation, Codebook, "m0de1", Then, "run-1"]]);

    public void Write(TableDefinition table, string step, string run, IReadOnlyList<object?[]> rows) =>
        Commit(table, step, run, RowReader.Build(table.Schema, rows));

    public void Dispose() => _folder.Dispose();

    private static IEnumerable<object?[]> Trained(string run)
    {
        for (int level = 0; level < 2; level++)
        {
            for (int i = 0; i < 5; i++)
            {
                yield return [run, Codebook, "train.objective", level, i, 1.0 / (level + i + 1)];
            }
        }
    }

    private static IEnumerable<object?[]> Evaluated(string run, double utilization)
    {
        for (int level = 0; level < 2; level++)
        {
            yield return [run, Codebook, "evaluate.mse", level, null, 0.3 - (0.1 * level)];
            yield return [run, Codebook, "evaluate.relative_error", level, null, 0.6 - (0.2 * level)];
            yield return [run, Codebook, "evaluate.utilization", level, null, utilization];
            yield return [run, Codebook, "evaluate.entropy", level, null, 0.9 + level];
            yield return [run, Codebook, "evaluate.perplexity", level, null, Math.Exp(0.9 + level)];
            yield return [run, Codebook, "evaluate.in_sample_neighbour_share", level, null, 0.8 - (0.2 * level)];
            yield return [run, Codebook, "evaluate.neighbour_chance", level, null, 0.3 - (0.1 * level)];
        }

        yield return [run, Codebook, "evaluate.holdout_neighbour_share", 0, null, 0.7];
        yield return [run, Codebook, "evaluate.collision_rate", null, null, 0.25];
    }

    private static object?[] Ran(string run, string step, int minute) =>
    [
        run, step, """{"items":"3","log":"a<b"}""", """{"alpha1":15,"caps":{"maxUserItems":null}}""", "{}", 1L, "0.1.0", new string('f', 64), 7L, 1.5,
        Then.AddMinutes(minute),
        step == "swing" ? """[{"name":"users","value":"671"},{"name":"dropped: users below minUserItems","value":"41"}]""" : null,
    ];

    private void Commit(TableDefinition table, string step, string run, RecordBatch batch)
    {
        IEngine engine = _open ?? Open();
        try
        {
            var write = new TableWrite(table, new WriteMode.Append(), new CommitNote(step, run, new string('0', 64)));
            Assert.IsType<WriteResult.Committed>(engine.Write(engine.FromRows(table.Schema, [batch]), write));
        }
        finally
        {
            if (engine != _open)
            {
                engine.Dispose();
            }
        }
    }

    private object?[] Similar(int item, int other, double score, int rank, int users) => [Id(item), Id(other), score, rank, users];

    private IEngine Open() => EngineFactory.Create("local", Options, new FixedClock(Then), CancellationToken.None);

    // Level 0 has 4 codes, level 1 has 2. Lists are built by hand: rows of objects have none.
    private void Codebooks()
    {
        TableDefinition table = OneRecTables.Codebooks();
        (int Level, int Code)[] rows = [(0, 0), (0, 1), (0, 2), (0, 3), (1, 0), (1, 1)];
        var centroids = new ListArray.Builder(FloatType.Default);
        foreach ((int level, int code) in rows)
        {
            centroids.Append();
            ((FloatArray.Builder)centroids.ValueBuilder).Append(level).Append(code);
        }

        RecordBatch flat = RowReader.Build(
            Without(table.Schema, "centroid"),
            [.. rows.Select(r => new object?[] { Codebook, "m0de1", r.Level, r.Code, 1L })]);
        CommitWith("train", "run-0", table, flat, "centroid", Lists(centroids.Build(), table, "centroid"));
    }

    private void WriteIds(List<object?[]> ids)
    {
        TableDefinition table = OneRecTables.SemanticIds(IdType);
        var codes = new ListArray.Builder(Int32Type.Default);
        foreach (object?[] row in ids)
        {
            codes.Append();
            foreach (string code in ((string)row[1]!).Split('-'))
            {
                ((Int32Array.Builder)codes.ValueBuilder).Append(int.Parse(code));
            }
        }

        RecordBatch flat = RowReader.Build(Without(table.Schema, "codes"), ids);
        CommitWith("assign", "run-1", table, flat, "codes", Lists(codes.Build(), table, "codes"));
    }

    private void CommitWith(string step, string run, TableDefinition table, RecordBatch flat, string column, IArrowArray values)
    {
        IArrowArray[] columns = [.. table.Schema.FieldsList.Select(f => f.Name == column ? values : flat.Column(f.Name))];
        Commit(table, step, run, new RecordBatch(table.Schema, columns, flat.Length));
    }

    private static ListArray Lists(ListArray built, TableDefinition table, string column) => new(
        (ListType)table.Schema.GetFieldByName(column).DataType,
        built.Length,
        built.ValueOffsetsBuffer,
        built.Values,
        ArrowBuffer.Empty,
        0);

    private static Schema Without(Schema schema, string column) => new(schema.FieldsList.Where(f => f.Name != column), null);

    private sealed class FixedClock(DateTimeOffset now) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => now;
    }

    private sealed class SilentObserver : IRunObserver
    {
        public void Started(string step)
        {
        }

        public void Message(string step, string line)
        {
        }

        public void Progressed(string step, string phase, long done, long total, string unit)
        {
        }

        public void Finished(StepSummary summary)
        {
        }
    }
}
