using Apache.Arrow;
using Apache.Arrow.Types;
using OneRec.Cli;
using OneRec.Engine;
using OneRec.Engine.Local;
using OneRec.Engine.Relations;
using OneRec.Engine.Scripts;
using OneRec.Engine.Tables;
using OneRec.Kernels.Clustering.Batches;
using OneRec.Kernels.Clustering.Rows;
using OneRec.Pipeline.Configuration;
using OneRec.Pipeline.Running;
using OneRec.Pipeline.Steps.Assign;
using OneRec.Pipeline.Steps.Evaluate;
using OneRec.Pipeline.Steps.Maintain;
using OneRec.Pipeline.Steps.Publish;
using OneRec.Pipeline.Steps.Train;
using OneRec.Pipeline.Tables;
using OneRec.Testing;

namespace OneRec.Pipeline.Tests.Steps.Quantization;

/// <summary>A tables folder with items and embeddings, and train, assign, evaluate run on them as the job does.</summary>
internal sealed class QuantizationDesk : IDisposable, IRunObserver
{
    private readonly ScratchFolder _scratch = new();

    public QuantizationDesk(TrainOptions train) => Options = new OneRecOptions { Seed = 5, Tables = _scratch["tables"], Sections = [train] };

    public OneRecOptions Options { get; set; }

    public int Threads { get; set; } = 2;

    public List<string> ToldLines { get; } = [];

    /// <summary>Wraps the engine of the next runs.</summary>
    public Func<IEngine, IEngine> Wrap { get; set; } = engine => engine;

    /// <summary>Replaces the catalogue and appends embeddings of its items.</summary>
    public void Embed(IReadOnlyList<TestItem> items, string model = "m1", bool append = false) => With(engine =>
    {
        IArrowType id = items[0].Text is null ? Int64Type.Default : StringType.Default;
        TableDefinition table = OneRecTables.Items(id);
        object?[][] rows =
        [
            .. items.Select(i => new object?[]
            {
                i.Text is null ? i.Number : i.Text, null, null, null, null, null, i.Hash, DateTimeOffset.UnixEpoch,
                i.Deleted ? DateTimeOffset.UnixEpoch : null,
            }),
        ];
        WriteMode mode = append ? new WriteMode.Append() : new WriteMode.Overwrite();
        Committed(engine.Write(
            engine.FromRows(table.Schema, [RowReader.Build(table.Schema, rows)]),
            new TableWrite(table, mode, new CommitNote("ingest", "r", "f"))));
        TableDefinition embeddings = OneRecTables.ItemEmbeddings(id);
        TestItem[] there = [.. items.Where(i => i.Vector is not null)];
        var offsets = new int[there.Length + 1];
        for (int i = 0; i < there.Length; i++)
        {
            offsets[i + 1] = offsets[i] + there[i].Vector!.Length;
        }

        var batch = new RecordBatch(
            embeddings.Schema,
            [
                IdColumn.Build(id, there.Select(i => (ItemId?)i.Id)),
                ListColumns.Floats([.. there.SelectMany(i => i.Vector!)], offsets),
                new StringArray.Builder().AppendRange(there.Select(i => i.EmbeddedHash ?? i.Hash)).Build(),
                new StringArray.Builder().AppendRange(there.Select(_ => model)).Build(),
            ],
            there.Length);
        return Committed(engine.Write(
            engine.FromRows(embeddings.Schema, [batch]),
            new TableWrite(embeddings, new WriteMode.Append(), new CommitNote("embed", "r", "f"))));
    });

    /// <summary>Publishes the newest codebook.</summary>
    public void Publish() => With(engine =>
    {
        Codebook newest = CodebookChoice.Resolve(engine, "newest");
        TableDefinition table = OneRecTables.Published();
        object?[] row = [1L, newest.CodebookId, newest.ModelId, DateTimeOffset.UnixEpoch, "r"];
        return Committed(engine.Write(
            engine.FromRows(table.Schema, [RowReader.Build(table.Schema, [row])]),
            new TableWrite(table, new WriteMode.Append(), new CommitNote("publish", "r", "f"))));
    });

    /// <summary>Runs steps.</summary>
    public RunSummary Run(params string[] steps)
    {
        using IEngine engine = Wrap(Open());
        var runner = new JobRunner(
            engine, Options, this, TimeProvider.System, new StepCatalogue(
            [
                new TrainStep(), new AssignStep(), new EvaluateStep(), new PublishStep(),
                new MaintainStep(["items", "item_embeddings", "codebooks", "semantic_ids", "quality", "published", "runs"]),
            ]));
        return runner.Run(steps, CancellationToken.None);
    }

    /// <summary>All rows of a query over one table, in its order.</summary>
    public List<object?[]> Query(string table, string sql) => With(engine => RowReader.Read(engine.Collect(
        engine.Sql(new SqlScript(sql), (table, engine.ReadTable(table))))));

    /// <summary>A table's newest version; -1 where it is not there.</summary>
    public long Version(string table) => With(engine => engine.Tables.State(table)?.Version ?? -1);

    /// <summary>Uses the engine.</summary>
    public T With<T>(Func<IEngine, T> use)
    {
        using LocalEngine engine = Open();
        return use(engine);
    }

    public static WriteResult Committed(WriteResult result)
    {
        Assert.IsType<WriteResult.Committed>(result);
        return result;
    }

    public void Dispose() => _scratch.Dispose();

    public void Started(string step)
    {
    }

    public void Message(string step, string line) => ToldLines.Add($"{step}: {line}");

    public void Progressed(string step, string phase, long done, long total, string unit) =>
        Assert.True(done >= 1 && (total == 0 || done <= total), $"{step} {phase}: {done} of {total} {unit}");

    public void Finished(StepSummary summary)
    {
    }

    private LocalEngine Open() => new(
        new LocalSettings(Options.Tables, Threads, 512L << 20), EngineFactory.Kernels(), TimeProvider.System, CancellationToken.None);
}
