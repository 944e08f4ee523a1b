using System.Globalization;
using System.Text.Json.Nodes;
using OneRec.Cli;
using OneRec.Engine;
using OneRec.Engine.Relations;
using OneRec.Engine.Scripts;
using OneRec.Inputs.Options;
using OneRec.Pipeline.Configuration;
using OneRec.Pipeline.Queries.Describe;
using OneRec.Pipeline.Running;
using OneRec.Pipeline.Steps.Embed;
using OneRec.Pipeline.Steps.Ingest;
using OneRec.Pipeline.Steps.Train;
using OneRec.Pipeline.Tests.Engines.Vectors;
using OneRec.Testing;

namespace OneRec.Pipeline.Tests.Queries.Describe;

/// <summary>Nights of a small job, and the lineages of its items.</summary>
internal sealed class DescribeDesk : IDisposable
{
    private static readonly string[] Night = ["ingest", "swing", "pairs", "embed", "train", "assign", "evaluate", "publish"];

    private readonly ScratchFolder _folder = new();
    private readonly SetClock _clock = new(new DateTimeOffset(2024, 5, 6, 1, 0, 0, TimeSpan.Zero));

    public DescribeDesk()
    {
        for (int i = 1; i <= 24; i++)
        {
            Items.Add(new DeskItem($"{i}", $"title {i}", [i % 4, i % 3, 0.01f * i]));
        }

        Options = new OneRecOptions
        {
            Tables = _folder["tables"],
            Models = _folder["models"],
            Threads = 2,
            Input = new InputOptions { Items = _folder["items.csv"], Interactions = _folder["log.csv"], Tokens = _folder["tokens.parquet"], BadRows = BadRows.Quarantine },
            Sections =
            [
                new EmbedOptions { Inputs = [new TokensInput()] },
                new TrainOptions { Levels = 2, Codes = [3], Epochs = 2, Refine = 1 },
                new IngestOptions { Mode = IngestMode.Snapshot, MaxDeleted = 1 },
            ],
        };
    }

    public OneRecOptions Options { get; set; }

    /// <summary>The catalogue of the next run.</summary>
    public List<DeskItem> Items { get; } = [];

    /// <summary>A line at the end of the next catalogue that is no record of it.</summary>
    public string BadLine { get; set; } = "";

    public string this[string name] => _folder[name];

    /// <summary>Runs steps an hour after the run before; the whole night where none is named.</summary>
    public RunSummary Run(string runId, params string[] steps)
    {
        _clock.Now += TimeSpan.FromHours(1);
        WriteInputs();
        OneRecOptions options = Options with { Run = Options.Run with { Id = runId } };
        using IEngine engine = EngineFactory.Create("local", options, _clock, CancellationToken.None);
        return new JobRunner(engine, options, new QuietObserver(), _clock, StepComposition.All).Run(steps.Length == 0 ? Night : steps, CancellationToken.None);
    }

    public Lineage Describe(string item) => Assert.Single(Describe([item]));

    public IReadOnlyList<Lineage> Describe(params string[] items)
    {
        using IEngine engine = EngineFactory.Create("local", Options, _clock, CancellationToken.None, EngineAccess.Read);
        return DescribeQuery.Run(engine, Options, items, CancellationToken.None);
    }

    public List<object?[]> Query(string table, string sql) => With(engine => RowReader.Read(engine.Collect(
        engine.Sql(new SqlScript(sql), (table, engine.ReadTable(table))))));

    public T With<T>(Func<IEngine, T> use)
    {
        using IEngine engine = EngineFactory.Create("local", Options, _clock, CancellationToken.None);
        return use(engine);
    }

    public void Dispose() => _folder.Dispose();

    private void WriteInputs()
    {
        File.WriteAllText(
            _folder["items.csv"],
            "item_id,title\n" + string.Concat(Items.Select(i => $"\"{i.Id.Replace("\"", "\"\"", StringComparison.Ordinal)}\",\"{i.Title}\"\n")) + BadLine);
        File.SetLastWriteTimeUtc(_folder["items.csv"], _clock.Now.UtcDateTime);
        TokenFile.Embeddings(
            _folder["tokens.parquet"],
            [.. Items.Select(i => (Key(i.Id), i.Vector?.Select(v => (float?)v).ToArray()))],
            half: false);
        File.SetLastWriteTimeUtc(_folder["tokens.parquet"], _clock.Now.UtcDateTime);
        if (!File.Exists(_folder["log.csv"]))
        {
            File.WriteAllText(
                _folder["log.csv"],
                "user_id,item_id,event_time\n" + string.Concat(Enumerable.Range(0, 160).Select(
                    n => $"{n % 20},\"{Items[(n * 7 / 20) % 12].Id.Replace("\"", "\"\"", StringComparison.Ordinal)}\",{1_700_000_000 + n}\n")));
        }
    }

    private static object? Key(string id) =>
        long.TryParse(id, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long number) ? number : id;
}

/// <summary>An item of the catalogue with its vector.</summary>
internal sealed record DeskItem(string Id, string Title, float[]? Vector);

/// <summary>Short ways into a lineage.</summary>
internal static class LineageText
{
    public static bool Has(this Lineage lineage, string section, string name) => lineage.Find(section, name) is not null;

    /// <summary>What a person reads of a fact.</summary>
    public static string Text(this Lineage lineage, string section, string name) => string.Join('\n', lineage.Fact(section, name).Lines);

    /// <summary>What a program reads of a fact, in one line.</summary>
    public static string Json(this Lineage lineage, string section, string name) => lineage.Fact(section, name).Value?.ToJsonString() ?? "null";

    /// <summary>A part of what a program reads.</summary>
    public static JsonNode? Part(this Lineage lineage, string section, string name, string part) => lineage.Fact(section, name).Value![part];

    public static LineageFact Fact(this Lineage lineage, string section, string name) =>
        lineage.Find(section, name) ?? throw new InvalidOperationException($"there is no {section}.{name}");

    private static LineageFact? Find(this Lineage lineage, string section, string name) =>
        lineage.Sections.Single(s => s.Name == section).Facts.SingleOrDefault(f => f.Name == name);
}
