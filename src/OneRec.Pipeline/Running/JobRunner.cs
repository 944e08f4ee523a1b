using System.Diagnostics;
using OneRec.Core;
using OneRec.Pipeline.Configuration;
using OneRec.Pipeline.Tables;

namespace OneRec.Pipeline.Running;

/// <summary>Runs steps in order, skips steps that are up to date, and writes table <c>runs</c> last.</summary>
/// <remarks>
/// A step is up to date if and only if its newest complete commit in its main table has its fingerprint, or its newest
/// row in <c>runs</c> has the fingerprint and the step has committed nothing to the table since (it found nothing to
/// write), and no other writer has changed the table's data since. A result that is not a table contains the fingerprint
/// itself.
/// </remarks>
public sealed class JobRunner
{
    private readonly IEngine _engine;
    private readonly OneRecOptions _options;
    private readonly IRunObserver _observer;
    private readonly TimeProvider _clock;
    private readonly StepCatalogue _steps;

    /// <summary>Creates a runner for the given steps.</summary>
    public JobRunner(
        IEngine engine,
        OneRecOptions options,
        IRunObserver observer,
        TimeProvider clock,
        StepCatalogue steps)
    {
        _engine = engine;
        _options = options;
        _observer = observer;
        _clock = clock;
        _steps = steps;
    }

    /// <summary>Runs steps.</summary>
    /// <param name="steps">Names in order; <see cref="StepCatalogue.RunOrder"/> for the whole job.</param>
    /// <param name="cancellation">Ctrl-C: the step stops, and tables stay at their last commit.</param>
    /// <exception cref="OneRecException">An error to show to the user; earlier steps are done and recorded.</exception>
    public RunSummary Run(IReadOnlyList<string> steps, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(steps);
        long start = _clock.GetTimestamp();
        IStep[] chosen = [.. steps.Select(_steps.Find)];
        using var sources = new RunInputs(_engine, _options.Input, cancellation);
        var log = new RunsLog(_engine);
        var context = new PlanContext(_engine, _options, _clock, cancellation) { Runs = log };
        LostPublication.Refuse(context, log, chosen);
        var run = new RunState(chosen, context, _options.Run.Id ?? NewRunId(), log, sources);
        var summaries = new List<StepSummary>();
        foreach (IStep step in chosen)
        {
            cancellation.ThrowIfCancellationRequested();
            StepSummary summary = RunStep(run, step) with { Result = ResultOf(step) };
            summaries.Add(summary);
            _observer.Finished(summary);
            run.Finished(step, summary);
        }

        return new RunSummary(run.RunId, summaries, _clock.GetElapsedTime(start).TotalSeconds, PeakBytes())
        {
            Times = _engine.Times,
            SmallFiles = summaries.All(s => s.UpToDate || s.LeftOut is not null) ? 0 : _steps.Tables.Sum(_engine.Upkeep.SmallFiles),
        };
    }

    private string? ResultOf(IStep step) =>
        step.ResultPath(_options) is { } path && Path.Exists(path) ? path : null;

    private StepSummary RunStep(RunState run, IStep step)
    {
        long start = _clock.GetTimestamp();
        if (run.WhyLeftOut(step) is { } reason)
        {
            return new StepSummary(step.Name, false, Seconds(), PeakBytes(), 0, [], []) { LeftOut = reason };
        }

        StepPlan plan = step.Plan(run.Context);
        string fingerprint = plan.Fingerprint(step.Name);
        (TableVersion? at, string? notice) = (null, null);
        bool upToDate = !step.Description.ByNameOnly && IsUpToDate(step, fingerprint, run.Log, out at, out notice);
        if (upToDate)
        {
            if (run.Log.Newest(step.Name)?.Fingerprint != fingerprint)
            {
                // The run was killed between the step's commit and the commit of this row.
                run.Log.Write(step.Name, plan, new StepOutcome(0, at is null ? [] : [at], []), 0, run.RunId, run.Context);
            }

            return new StepSummary(step.Name, true, Seconds(), PeakBytes(), 0, at is null ? [] : [at], []);
        }

        run.RequireInputs();
        _observer.Started(step.Name);
        if (notice is not null)
        {
            _observer.Message(step.Name, notice);
        }

        _engine.OnMessage = line => _observer.Message(step.Name, line);
        _engine.Progress = p => _observer.Progressed(step.Name, "", p.Done, p.Total, p.Unit);
        StepOutcome outcome = Run(step, new StepRun(_engine, step, plan, run.Context, run.RunId, _observer, run.Sources));
        if (!outcome.IsDryRun)
        {
            run.Log.Write(step.Name, plan, outcome, Seconds(), run.RunId, run.Context);
        }

        return new StepSummary(step.Name, false, Seconds(), PeakBytes(), outcome.Rows, outcome.Tables, outcome.Facts);

        double Seconds() => _clock.GetElapsedTime(start).TotalSeconds;
    }

    // Errors of an engine or a kernel do not name the step.
    private static StepOutcome Run(IStep step, StepRun run)
    {
        try
        {
            return step.Run(run);
        }
        catch (OneRecException e) when (e.Kind is ErrorKind.Engine or ErrorKind.Bug)
        {
            throw new OneRecException(e.Kind, e.Code, e.Message, e) { Step = step.Name };
        }
    }

    private bool IsUpToDate(IStep step, string fingerprint, RunsLog runs, out TableVersion? at, out string? notice)
    {
        (at, notice) = (null, null);
        if (step.Description.Result is not null && step.ResultFingerprint(_options) != fingerprint)
        {
            return false;
        }

        if (step.Description.MainTable is not { } table)
        {
            return true;
        }

        if (_engine.Tables.State(table) is not { } state)
        {
            return false;
        }

        at = new TableVersion(table, state.Version);
        NotedCommit? commit = _engine.Tables.NewestCommit(table, step.Name);
        long? done = commit is { Note.Complete: true } && commit.Note.Fingerprint == fingerprint ? commit.Version : null;
        RunsLog.Entry? row = runs.Newest(step.Name);
        if (row?.Fingerprint == fingerprint
            && row.Tables.TryGetValue(table, out long version)
            && version <= state.Version
            && (commit is null || commit.Version <= version))
        {
            done = version;
        }

        if (done is not { } since || !_engine.Tables.OthersChanged(table, since))
        {
            return done is not null;
        }

        // What is missing is made again; what cannot be mended is refused by the step.
        notice = $"another program changed {table} after version {since}; looking at it again";
        return false;
    }

    private string NewRunId() =>
        $"{_clock.GetUtcNow():yyyyMMdd-HHmmss}-{Guid.NewGuid().ToString("N")[..6]}";

    private static long PeakBytes()
    {
        using var process = Process.GetCurrentProcess();
        return process.PeakWorkingSet64;
    }

    /// <summary>State of a run: what its steps share and pass on to later steps.</summary>
    private sealed class RunState(IReadOnlyList<IStep> steps, PlanContext context, string runId, RunsLog log, RunInputs sources)
    {
        private bool _inputsChecked = steps.Count == 1;

        public string RunId => runId;

        public RunsLog Log => log;

        public RunInputs Sources => sources;

        public PlanContext Context { get; private set; } = context;

        // A step requested by name always runs.
        public string? WhyLeftOut(IStep step) => steps.Count > 1 ? step.WhyLeftOut(Context) : null;

        /// <summary>Checks the inputs of all steps once, before the first step that has work.</summary>
        public void RequireInputs()
        {
            Context.RequireInputs(_inputsChecked ? [] : steps);
            _inputsChecked = true;
        }

        /// <summary>
        /// Records the outcome of a step: steps after a training use the new codebook, not the published one.
        /// </summary>
        public void Finished(IStep step, StepSummary summary)
        {
            if (summary.LeftOut is null && step.Description.MainTable == CodebookChoice.Table)
            {
                Context = Context with { TrainedCodebook = Context.Engine.Tables.NewestCommit(CodebookChoice.Table, step.Name)?.Note.Result };
            }
        }
    }
}
