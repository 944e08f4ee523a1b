using OneRec.Alignment.Compare;
using OneRec.Cli.Backend;
using OneRec.Cli.Output;
using OneRec.Configuration;
using OneRec.Core;
using OneRec.Engine;
using OneRec.Export;
using OneRec.Inputs.Initial;
using OneRec.Pipeline.Compare;
using OneRec.Pipeline.Queries;
using OneRec.Pipeline.Queries.Describe;
using OneRec.Pipeline.Queries.Diff;
using OneRec.Pipeline.Queries.Explain;
using OneRec.Pipeline.Queries.Prefixes;
using OneRec.Pipeline.Queries.Runs;
using OneRec.Pipeline.Queries.Verify;
using OneRec.Pipeline.Running;
using OneRec.Pipeline.Steps.Embed;
using OneRec.Pipeline.Steps.Train;
using OneRec.Sampling;

namespace OneRec.Cli;

/// <summary>Carries out the calls of commands: opens the engine, runs the pipeline, closes the engine.</summary>
/// <param name="steps">The steps of this program.</param>
/// <param name="open">Opens the engine of a session; the second argument is how the tables are used.</param>
internal sealed class CommandBackend(StepCatalogue steps, Func<Session, EngineAccess, IEngine> open) : ICommandBackend
{
    /// <summary>Creates a backend that opens the engine named on the command line.</summary>
    public CommandBackend(StepCatalogue steps)
        : this(steps, EngineFactory.Open)
    {
    }

    /// <inheritdoc/>
    public StepCatalogue Steps => steps;

    /// <inheritdoc/>
    public string Version => CodeVersion.Text;

    /// <inheritdoc/>
    public RunSummary Run(Session session, IReadOnlyList<string> chosen, IRunObserver observer)
    {
        EngineAccess access = chosen.Any(name => !steps.Find(name).Description.IsShared) ? EngineAccess.Run : EngineAccess.Share;
        using IEngine engine = open(session, access);
        using TelemetryExport? export = TelemetryExport.Start(session.Options.Telemetry, line => observer.Message("telemetry", line));
        var runner = new JobRunner(engine, session.Options, observer, session.Clock, steps)
        {
            Parent = TelemetryExport.Parent,
            Describe = e => Failure.Describe(e, session.Cancellation),
        };
        return runner.Run(chosen, session.Cancellation);
    }

    /// <inheritdoc/>
    public RowSet Forecast(Session session) => Query(
        session, engine => RunForecast.Of(engine, session.Options, steps, session.Clock, session.Cancellation));

    /// <inheritdoc/>
    public RowSet Runs(Session session, int limit, bool failed) => Query(session, engine => RunsQuery.List(engine, limit, failed));

    /// <inheritdoc/>
    public RowSet RunSteps(Session session, string runId) => Query(session, engine => RunsQuery.Steps(engine, runId));

    /// <inheritdoc/>
    public RowSet LookupItems(Session session, IReadOnlyList<string> items) =>
        Query(session, engine => LookupQuery.Items(engine, session.Options.Codebook, items));

    /// <inheritdoc/>
    public RowSet LookupPrefix(Session session, string sid, int limit) =>
        Query(session, engine => LookupQuery.Prefix(engine, session.Options.Codebook, sid, limit));

    /// <inheritdoc/>
    public IReadOnlyList<Lineage> Describe(Session session, IReadOnlyList<string> items)
    {
        using IEngine engine = open(session, EngineAccess.Read);
        return DescribeQuery.Run(engine, session.Options, items, session.Cancellation);
    }

    /// <inheritdoc/>
    public IReadOnlyList<Lineage> Explain(Session session, IReadOnlyList<string> items, int most)
    {
        using IEngine engine = open(session, EngineAccess.Read);
        return ExplainQuery.Run(engine, session.Options, items, most, session.Cancellation);
    }

    /// <inheritdoc/>
    public Lineage Prefix(Session session, string? prefix, int most)
    {
        using IEngine engine = open(session, EngineAccess.Read);
        return PrefixQuery.Run(engine, session.Options, prefix, most, session.Cancellation);
    }

    /// <inheritdoc/>
    public Lineage Diff(Session session, DiffRequest request)
    {
        using IEngine engine = open(session, EngineAccess.Read);
        return DiffQuery.Run(engine, request, session.Cancellation);
    }

    /// <inheritdoc/>
    public RowSet DiffItems(Session session, DiffRequest request) =>
        Query(session, engine => DiffQuery.Items(engine, request, session.Cancellation));

    /// <inheritdoc/>
    public Comparison Compare(Session session, CompareRequest request, IRunObserver observer)
    {
        using IEngine engine = open(session, EngineAccess.Read);
        return CompareQuery.Run(new PlanContext(engine, session.Options, session.Clock, session.Cancellation), request, new Learned(), observer);
    }

    /// <inheritdoc/>
    public RowSet Sql(Session session, string select) => Query(session, engine => SqlQuery.Run(engine, steps.Tables, select));

    /// <inheritdoc/>
    public ISqlTables OpenSql(Session session) => new SqlTables(open(session, EngineAccess.Read), steps.Tables);

    /// <inheritdoc/>
    public IReadOnlyList<CheckFact> Check(Session session)
    {
        using IEngine engine = open(session, EngineAccess.Read);
        return CheckQuery.Run(engine, session.Options, steps, session.Clock, session.Cancellation, session.Engine);
    }

    /// <inheritdoc/>
    public IReadOnlyList<VerifiedFact> Verify(Session session, bool all, IRunObserver observer)
    {
        using IEngine engine = open(session, EngineAccess.Read);
        return VerifyQuery.Run(engine, session.Options, steps.Tables, all, observer, session.Cancellation);
    }

    /// <inheritdoc/>
    public IReadOnlyList<Fact> Export(Session session, ExportRequest request, IRunObserver observer)
    {
        ExportQuery.RequireFolder(session.Options, request);
        using IEngine engine = open(session, EngineAccess.ReadAll);
        return ExportQuery.Run(engine, session.Options, request, observer, session.Clock, session.Cancellation);
    }

    /// <inheritdoc/>
    public IReadOnlyList<Fact> Init(IReadOnlyList<string> paths, string file) => InitialConfiguration.Write(
        paths,
        file,
        TrainOptions.CodesBelowDefault,
        (draft, problems) => steps.Load(
            new ConfigurationSources { File = draft, WorkingDirectory = Path.GetDirectoryName(draft)! }, problems));

    /// <inheritdoc/>
    public IReadOnlyList<Fact> CheckModel(Session session, string folder, string? manifest, string text, string? image) =>
        ModelQuery.Check(session.Options.Section<EmbedOptions>(), folder, manifest, text, image, session.Clock);

    /// <inheritdoc/>
    public IReadOnlyList<Fact> Sample(
        string folder, SampleOptions options, IRunObserver observer, CancellationToken cancellation)
    {
        observer.Started("sample");
        SampleSummary made = SampleGenerator.Generate(
            folder,
            options,
            p => observer.Progressed("sample", p.File, p.Done, p.Total, "rows"),
            cancellation);
        return
        [
            new Fact("folder", made.Folder),
            new Fact("result", made.AlreadyThere ? "this sample exists already; nothing was written" : "written"),
            Fact.Of("items", made.Items),
            Fact.Of("interactions", made.Interactions),
            new Fact("size", MemorySize.Format(made.Bytes)) { Json = made.Bytes },
        ];
    }

    private RowSet Query(Session session, Func<IEngine, QueryResult> query)
    {
        IEngine engine = open(session, EngineAccess.Read);
        try
        {
            QueryResult result = query(engine);
            return new RowSet(result.Schema, result.Batches, engine);
        }
        catch
        {
            engine.Dispose();
            throw;
        }
    }
}
