using Apache.Arrow.Types;
using OneRec.Cli;
using OneRec.Engine;
using OneRec.Engine.Local;
using OneRec.Engine.Relations;
using OneRec.Engine.Scripts;
using OneRec.Engine.Tables;
using OneRec.Pipeline.Configuration;
using OneRec.Pipeline.Running;
using OneRec.Pipeline.Steps.Embed;
using OneRec.Pipeline.Tables;
using OneRec.Testing;
using OneRec.Testing.Onnx;

namespace OneRec.Pipeline.Tests.Steps.Embed;

/// <summary>A tables folder, a tiny model, and the step run on them by the local engine.</summary>
internal sealed class EmbedDesk : IDisposable
{
    private readonly ScratchFolder _scratch = new();
    private readonly List<string> _told = [];

    public EmbedDesk()
    {
        Model = new TinyEncoder().WriteTo(_scratch["model"]);
        Options = new OneRecOptions
        {
            Tables = _scratch["tables"],
            Sections = [new EmbedOptions { Inputs = [new TextInput { Encoder = Model, Fields = ["title", "caption"] }] }],
        };
    }

    /// <summary>The tiny model's folder.</summary>
    public string Model { get; }

    /// <summary>Options of the next run.</summary>
    public OneRecOptions Options { get; set; }

    /// <summary>Memory of the next run in bytes.</summary>
    public long Memory { get; set; } = 512L << 20;

    /// <summary>What the step told.</summary>
    public IReadOnlyList<string> Messages => _told;

    /// <summary>Bytes of vectors in the row groups that the last run opened.</summary>
    public long VectorBytes { get; private set; }

    /// <summary>A path beside the tables.</summary>
    public string this[string relative] => _scratch[relative];

    /// <summary>Replaces the catalogue: a row's hash is that of its texts.</summary>
    public void Catalogue(params EmbedItem[] items) => With(engine =>
    {
        TableDefinition table = OneRecTables.Items(Int64Type.Default);
        object?[][] rows =
        [
            .. items.Select(i => new object?[]
            {
                i.Id, i.Title, i.Caption, null, null, null, i.Hash, DateTimeOffset.UnixEpoch,
                i.Deleted ? DateTimeOffset.UnixEpoch : null,
            }),
        ];
        var write = new TableWrite(table, new WriteMode.Overwrite(), new CommitNote("ingest", "r", "f"));
        return engine.Write(engine.FromRows(table.Schema, [RowReader.Build(table.Schema, rows)]), write);
    });

    /// <summary>Gives all embeddings to a model, as if another version had made them.</summary>
    public void EmbeddedBy(string modelId) => With(engine =>
    {
        TableDefinition table = OneRecTables.ItemEmbeddings(Int64Type.Default);
        IRelation rows = engine.Materialize(engine.Sql(
            new SqlScript("SELECT item_id, embedding, content_hash, {{model_id}} AS model_id FROM e").With("model_id", modelId),
            ("e", engine.ReadTable(table.Name))));
        return engine.Write(rows, new TableWrite(table, new WriteMode.Overwrite(), new CommitNote("embed", "r", "f")));
    });

    /// <summary>Appends a row to <c>published</c>.</summary>
    public void Publish(string codebookId, string modelId) => With(engine =>
    {
        TableDefinition table = OneRecTables.Published();
        object?[] row = [1L, codebookId, modelId, DateTimeOffset.UnixEpoch, "r"];
        var write = new TableWrite(table, new WriteMode.Append(), new CommitNote("publish", "r", "f"));
        return engine.Write(engine.FromRows(table.Schema, [RowReader.Build(table.Schema, [row])]), write);
    });

    /// <summary>Runs the step as the job does.</summary>
    /// <param name="dieAtWrite">The write to <c>item_embeddings</c>, from 1, before which the process "dies"; 0: none.</param>
    public StepSummary Run(int dieAtWrite = 0)
    {
        LocalEngine local = Open();
        using IEngine engine = dieAtWrite == 0 ? local : new DyingEngine(local, "item_embeddings", dieAtWrite);
        var runner = new JobRunner(
            engine, Options, new Listener(_told), TimeProvider.System, new StepCatalogue([new EmbedStep()]));
        StepSummary summary = runner.Run(["embed"], CancellationToken.None).Steps[0];
        VectorBytes = local.VectorBytes;
        return summary;
    }

    /// <summary>All rows of <c>item_embeddings</c>, by id and hash.</summary>
    public List<EmbeddedItem> Embedded() => With(engine => RowReader
        .Read(engine.Collect(engine.Sql(
            new SqlScript("SELECT item_id, content_hash, model_id, embedding FROM e ORDER BY item_id, content_hash, model_id"),
            ("e", engine.ReadTable("item_embeddings")))))
        .ConvertAll(r => new EmbeddedItem(
            (long)r[0]!, (string)r[1]!, (string)r[2]!, [.. ((object?[])r[3]!).Select(x => (float)x!)])));

    /// <summary>The newest version of <c>item_embeddings</c> and whether the step's newest commit says all is done.</summary>
    public (long Version, bool Complete) Newest() => With(engine =>
    {
        NotedCommit commit = engine.Tables.NewestCommit("item_embeddings", "embed")!;
        return (engine.Tables.State("item_embeddings")!.Version, commit.Note.Complete);
    });

    /// <summary>Rows of <c>quarantine</c>: source, reason, payload.</summary>
    public List<string> Quarantined() => With(engine => RowReader
        .Read(engine.Collect(engine.Sql(
            new SqlScript("SELECT source, reason, payload FROM q WHERE step = 'embed' ORDER BY payload"), ("q", engine.ReadTable("quarantine")))))
        .ConvertAll(row => string.Join('|', row)));

    public void Dispose() => _scratch.Dispose();

    private LocalEngine Open() => new(
        new LocalSettings(_scratch["tables"], 2, Memory), EngineFactory.Kernels(), TimeProvider.System, CancellationToken.None);

    private T With<T>(Func<IEngine, T> use)
    {
        using LocalEngine engine = Open();
        return use(engine);
    }

    private sealed class Listener(List<string> told) : IRunObserver
    {
        public void Started(string step)
        {
        }

        public void Message(string step, string line) => told.Add(line);

        public void Progressed(string step, string phase, long done, long total, string unit) =>
            Assert.True(unit == "items" && done >= 1 && done <= total, $"{done} of {total} {unit}");

        public void Finished(StepSummary summary)
        {
        }
    }
}
