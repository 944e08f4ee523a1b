using Apache.Arrow;
using OneRec.Cli;
using OneRec.Core;
using OneRec.Engine;
using OneRec.Engine.Relations;
using OneRec.Engine.Tables;
using OneRec.Pipeline.Configuration;
using OneRec.Pipeline.Running;
using OneRec.Pipeline.Steps.Embed;
using OneRec.Pipeline.Steps.Ingest;
using OneRec.Pipeline.Steps.Pairs;
using OneRec.Pipeline.Steps.Swing;
using OneRec.Testing;

namespace OneRec.Pipeline.Tests.Steps;

/// <summary>Runs ingest, swing, pairs and embed on the local engine over files of a scratch folder.</summary>
internal sealed class StepBench : IDisposable, IRunObserver
{
    private readonly ScratchFolder _folder = new();
    private readonly StepCatalogue _steps = new([new IngestStep(), new SwingStep(), new PairsStep(), new EmbedStep()]);

    private int _writes;

    /// <summary>Partitions that the engine claims to work on at once.</summary>
    public int Partitions { get; set; } = 1;

    /// <summary>What steps told.</summary>
    public List<string> Lines { get; } = [];

    /// <summary>The time of the next run.</summary>
    public SetClock Clock { get; } = new(new DateTimeOffset(2024, 5, 6, 7, 8, 9, TimeSpan.Zero));

    /// <summary>A path in the scratch folder.</summary>
    public string this[string name] => _folder[name];

    /// <summary>What a write ends with; null where it is made.</summary>
    public OneRecException? WriteFailure { get; set; }

    /// <summary>Writes a file, a second after the one before: a version sees whole seconds.</summary>
    public string Write(string name, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_folder[name])!);
        File.WriteAllText(_folder[name], text);
        File.SetLastWriteTimeUtc(_folder[name], Clock.Now.UtcDateTime.AddSeconds(_writes++));
        return _folder[name];
    }

    /// <summary>Runs steps.</summary>
    public IReadOnlyList<StepSummary> Run(OneRecOptions options, params string[] steps)
    {
        OneRecOptions full = options with { Tables = _folder["tables"] };
        var problems = new Problems();
        full.Validate(problems);
        problems.ThrowIfAny();
        using IEngine local = EngineFactory.Create("local", full, Clock, CancellationToken.None);
        using IEngine engine = new BenchEngine(local, Partitions, WriteFailure);
        return new JobRunner(engine, full, this, Clock, _steps).Run(steps, CancellationToken.None).Steps;
    }

    /// <summary>The error that a step ends with.</summary>
    public OneRecException Refused(OneRecOptions options, string step) =>
        Assert.Throws<OneRecException>(() => Run(options, step));

    /// <summary>A table's rows.</summary>
    public List<object?[]> Table(string name)
    {
        using IEngine engine = EngineFactory.Create(
            "local", new OneRecOptions { Tables = _folder["tables"] }, Clock, CancellationToken.None);
        return engine.Tables.State(name) is null ? [] : RowReader.Read(engine.Collect(engine.ReadTable(name)));
    }

    /// <summary>A table's rows as sorted lines, doubles by their bits.</summary>
    public string[] Text(string name) => [.. Table(name)
        .Select(row => string.Join('|', row.Select(v => v is double d ? $"{BitConverter.DoubleToInt64Bits(d):x}" : $"{v}")))
        .Order(StringComparer.Ordinal)];

    /// <summary>A table's schema; null where there is none.</summary>
    public Schema? SchemaOf(string name)
    {
        using IEngine engine = EngineFactory.Create(
            "local", new OneRecOptions { Tables = _folder["tables"] }, Clock, CancellationToken.None);
        return engine.Tables.State(name)?.Schema;
    }

    public void Started(string step)
    {
    }

    public void Message(string step, string line) => Lines.Add($"{step}: {line}");

    public void Progressed(string step, string phase, long done, long total, string unit)
    {
    }

    public void Finished(StepSummary summary)
    {
    }

    public void Dispose() => _folder.Dispose();

    private sealed class BenchEngine(IEngine engine, int partitions, OneRecException? failure) : EngineAround(engine)
    {
        public override EngineScale Scale => base.Scale with { Partitions = partitions };

        public override WriteResult Write(IRelation rows, TableWrite write) =>
            failure is null ? base.Write(rows, write) : throw failure;
    }
}
