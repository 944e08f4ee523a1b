using System.Diagnostics;
using OneRec.Core;
using OneRec.Pipeline.Configuration;
using OneRec.Pipeline.Tables;

namespace OneRec.Pipeline.Running;

/// <summary>
/// Runs steps in order, skips steps that are up to date (<see cref="StepFreshness"/>), and writes table <c>runs</c> last, or
/// <c>failures</c> if a step fails.
/// </summary>
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

    /// <summary>How a failure is recorded: as the command tells it to the user.</summary>
    public Func<Exception, FailureNote> Describe { get; init; } = FailureNote.Of;

    /// <summary>The span of who started the run, such as an orchestrator; the default value: there is none.</summary>
    public ActivityContext Parent { get; init; }

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
        string runId = _options.Run.Id ?? NewRunId();
        var run = new RunState(chosen, context, log, sources, new RunJournal(_engine.Checkpoints, runId, _clock), runId);
        var summaries = new List<StepSummary>();
        _observer.Began(runId);
        using Activity? span = Telemetry.Run(runId, _engine.Name, Parent);
        foreach (IStep step in chosen)
        {
            cancellation.ThrowIfCancellationRequested();
            StepSummary summary = Observed(run, step);
            summaries.Add(summary);
            _observer.Finished(summary);
            run.Finished(step, summary);
        }

        run.Journal.End();
        return new RunSummary(runId, summaries, _clock.GetElapsedTime(start).TotalSeconds, PeakBytes())
        {
            Times = _engine.Times,
            SmallFiles = summaries.All(s => s.UpToDate || s.LeftOut is not null) ? 0 : _steps.Tables.Sum(_engine.Upkeep.SmallFiles),
        };
    }

    private StepSummary Observed(RunState run, IStep step)
    {
        long start = _clock.GetTimestamp();
        using Activity? span = Telemetry.Step(step.Name);
        try
        {
            StepSummary summary = RunStep(run, step, start);
            Telemetry.Finished(span, summary);
            return summary;
        }
        catch (Exception e)
        {
            FailureNote note = Describe(e);
            Telemetry.Failed(span, step.Name, note);
            Record(run, step, note, _clock.GetElapsedTime(start).TotalSeconds);
            throw;
        }
    }

    private StepSummary RunStep(RunState run, IStep step, long start)
    {
        EngineBytes before = _engine.Bytes;
        var summary = new StepSummary(step.Name, false, 0, 0, 0, [], []);
        if (run.WhyLeftOut(step) is { } reason)
        {
            return Measured(summary with { LeftOut = reason });
        }

        StepPlan plan = step.Plan(run.Context);
        string fingerprint = plan.Fingerprint(step.Name);
        StepFreshness? freshness = step.Description.ByNameOnly ? null : StepFreshness.Of(step, fingerprint, run.Context, run.Log);
        if (freshness is { IsFresh: true })
        {
            TableVersion[] at = freshness.At is { } table ? [table] : [];
            if (run.Log.Newest(step.Name)?.Fingerprint != fingerprint)
            {
                // The run was killed between the step's commit and the commit of this row.
                run.Log.Write(step.Name, plan, new StepOutcome(0, at, []), 0, run.RunId, run.Context);
            }

            return Measured(summary with { UpToDate = true, Tables = at, Since = run.Log.Newest(step.Name)?.RunId });
        }

        run.RequireInputs();
        run.Journal.Enter(step.Name);
        _observer.Started(step.Name);
        if (freshness?.Notice is { } notice)
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

        return Measured(summary with { Rows = outcome.Rows, Tables = outcome.Tables, Facts = outcome.Facts });

        double Seconds() => _clock.GetElapsedTime(start).TotalSeconds;

        StepSummary Measured(StepSummary unmeasured) => unmeasured with
        {
            Seconds = Seconds(),
            PeakBytes = PeakBytes(),
            Bytes = _engine.Bytes.Since(before),
            Result = ResultOf(step),
        };
    }

    private string? ResultOf(IStep step) =>
        step.ResultPath(_options) is { } path && Path.Exists(path) ? path : null;

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

    // A job that ends before it has written a table leaves none.
    private void Record(RunState run, IStep step, FailureNote note, double seconds)
    {
        try
        {
            if (run.Journal.HasBegun || _engine.Tables.State("runs") is not null)
            {
                run.Journal.Fail(note);
                FailureLog.Append(_engine, run.RunId, step.Name, note, seconds, _clock.GetUtcNow());
                run.Journal.End();
            }
        }
#pragma warning disable CA1031 // The failure of the step is told, whatever else fails.
        catch (Exception)
#pragma warning restore CA1031
        {
            // As after a full disk or Ctrl-C: the run's entry in the journal stays.
        }
    }

    private string NewRunId() =>
        $"{_clock.GetUtcNow():yyyyMMdd-HHmmss}-{Guid.NewGuid().ToString("N")[..6]}";

    private static long PeakBytes()
    {
        using var process = Process.GetCurrentProcess();
        return process.PeakWorkingSet64;
    }

    /// <summary>State of a run: what its steps share and pass on to later steps.</summary>
    private sealed class RunState(
        IReadOnlyList<IStep> steps, PlanContext context, RunsLog log, RunInputs sources, RunJournal journal, string runId)
    {
        private bool _inputsChecked = steps.Count == 1;

        public string RunId => runId;

        public RunsLog Log => log;

        public RunInputs Sources => sources;

        public RunJournal Journal => journal;

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
