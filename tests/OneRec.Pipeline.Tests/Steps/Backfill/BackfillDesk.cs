using System.Globalization;
using OneRec.Cli;
using OneRec.Engine;
using OneRec.Engine.Relations;
using OneRec.Engine.Scripts;
using OneRec.Inputs.Options;
using OneRec.Pipeline.Configuration;
using OneRec.Pipeline.Queries.Verify;
using OneRec.Pipeline.Running;
using OneRec.Pipeline.Steps.Backfill;
using OneRec.Pipeline.Steps.Embed;
using OneRec.Pipeline.Steps.Train;
using OneRec.Sampling;
using OneRec.Testing;

namespace OneRec.Pipeline.Tests.Steps.Backfill;

/// <summary>A catalogue of today with a published codebook, and an archive of older items with the day on which each was added.</summary>
internal sealed class BackfillDesk : IDisposable, IRunObserver
{
    /// <summary>Items of the archive; the first <see cref="Today"/> of them are in the catalogue of today too.</summary>
    public const int Archive = 420;

    public const int Today = 120;

    private readonly ScratchFolder _scratch = new();

    public BackfillDesk()
    {
        SampleGenerator.Generate(
            _scratch["data"], new SampleOptions { Items = Archive, Users = 5, Interactions = 20, Topics = 4, Dimensions = 8, Tokens = 2 });
        string[] lines = File.ReadAllLines(_scratch["data/items.csv"]);
        File.WriteAllLines(_scratch["archive.csv"], lines.Select((line, n) => n == 0 ? line + ",added_on" : $"{line},{DayOf(n)}"));
        File.WriteAllLines(_scratch["today.csv"], lines[..(Today + 1)]);
        Options = new OneRecOptions
        {
            Tables = _scratch["tables"],
            Threads = 2,
            Input = new InputOptions { Items = new InputPaths([_scratch["today.csv"]]), Tokens = _scratch["data/tokens.parquet"] },
            Sections = [new EmbedOptions { Inputs = [new TokensInput()], CommitItems = 100 }, new TrainOptions { Levels = 2, Codes = [8] }],
        };
        Night();
        Options = Options with { Input = Options.Input with { Items = new InputPaths([_scratch["archive.csv"]]) } };
        Set(new BackfillOptions { SliceItems = 110 });
    }

    public OneRecOptions Options { get; set; }

    /// <summary>Lines that steps told.</summary>
    public List<string> Told { get; } = [];

    /// <summary>Wraps the engine of the next runs.</summary>
    public Func<IEngine, IEngine> Wrap { get; set; } = engine => engine;

    public CancellationToken Cancellation { get; set; }

    public string this[string relative] => _scratch[relative];

    /// <summary>The day on which an item was added: a day of four months.</summary>
    public static string DayOf(int item) => $"2024-{(item % 4) + 1:D2}-{(item % 28) + 1:D2}";

    public void Set(BackfillOptions options) => Options = Options with { Sections = [options] };

    /// <summary>What a night does with the catalogue of today.</summary>
    public void Night(IReadOnlyList<string>? lines = null)
    {
        OneRecOptions before = Options;
        if (lines is not null)
        {
            File.WriteAllLines(_scratch["today.csv"], lines);
        }

        Options = Options with { Input = Options.Input with { Items = new InputPaths([_scratch["today.csv"]]) } };
        Run(EngineAccess.Run, "ingest", "embed", "assign_or_train");
        Options = before;
    }

    /// <summary>Runs the backfill as the program does.</summary>
    public StepSummary Backfill() => Run(EngineAccess.Share, "backfill").Steps[0];

    public RunSummary Run(EngineAccess access, params string[] steps)
    {
        using IEngine engine = Wrap(EngineFactory.Create("local", Options, TimeProvider.System, Cancellation, access));
        string[] chosen = steps[^1] != "assign_or_train"
            ? steps
            : engine.Tables.State("published") is null ? [.. steps[..^1], "train", "assign", "publish"] : [.. steps[..^1], "assign"];
        return new JobRunner(engine, Options, this, TimeProvider.System, StepComposition.All).Run(chosen, Cancellation);
    }

    /// <summary>The IDs: item, ID, slot and hash of the embedding, in order of items; those that are not deleted.</summary>
    public List<string> Ids() => Query(
        "semantic_ids", "SELECT item_id, sid, slot, embedding_hash FROM semantic_ids WHERE deleted_at IS NULL ORDER BY item_id, sid, slot");

    /// <summary>Embeddings with the number of times that each is there.</summary>
    public List<string> Embeddings() => Query(
        "item_embeddings", "SELECT item_id, content_hash, count(*) FROM item_embeddings GROUP BY item_id, content_hash ORDER BY item_id, content_hash");

    public List<string> Query(string table, string sql)
    {
        using IEngine engine = EngineFactory.Create("local", Options, TimeProvider.System, CancellationToken.None, EngineAccess.Read);
        return RowReader.Read(engine.Collect(engine.Sql(new SqlScript(sql), (table, engine.ReadTable(table)))))
            .ConvertAll(row => string.Join('|', row.Select(cell => Convert.ToString(cell, CultureInfo.InvariantCulture))));
    }

    /// <summary>Requires that every item of the archive has one ID and one embedding, that the tables are whole, and that nothing is left over.</summary>
    public void RequireAll()
    {
        Assert.Equal(Archive, Ids().Count);
        Assert.Equal(Archive, Ids().Select(line => line.Split('|')[0]).Distinct().Count());
        List<string> embeddings = Embeddings();
        Assert.Equal(Archive, embeddings.Count);
        Assert.All(embeddings, line => Assert.EndsWith("|1", line, StringComparison.Ordinal));
        Assert.Empty(Problems());
        Assert.Empty(Directory.GetDirectories(this["tables/_staging"]));
        Assert.Empty(Directory.GetDirectories(this["tables/.checkpoints"]).Where(f => Path.GetFileName(f) != "runs"));
        Assert.Empty(Directory.GetDirectories(this["tables/.scratch-shared"]));
    }

    public IReadOnlyList<string> Problems()
    {
        using IEngine engine = EngineFactory.Create("local", Options, TimeProvider.System, CancellationToken.None, EngineAccess.Read);
        return [.. VerifyQuery.Run(engine, Options, StepComposition.All.Tables, true, this, CancellationToken.None)
            .SelectMany(f => f.Problems)];
    }

    /// <summary>Copies the tables, so that they can be put back.</summary>
    public void Save(string name) => ScratchFolder.CopyTree(this["tables"], this[name]);

    public void PutBack(string name)
    {
        Directory.Delete(this["tables"], recursive: true);
        ScratchFolder.CopyTree(this[name], this["tables"]);
    }

    public void Dispose() => _scratch.Dispose();

    public void Started(string step)
    {
    }

    public void Message(string step, string line)
    {
        lock (Told)
        {
            Told.Add(line);
        }
    }

    public void Progressed(string step, string phase, long done, long total, string unit) =>
        Assert.True(done >= 0 && (total == 0 || done <= total), $"{step} {phase}: {done} of {total} {unit}");

    public void Finished(StepSummary summary)
    {
    }
}
