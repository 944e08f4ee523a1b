using System.Diagnostics;
using OneRec.Core;
using OneRec.Pipeline.Configuration;

namespace OneRec.Pipeline.Running;

/// <summary>Runs steps in order; skips what is up to date; writes <c>runs</c> last.</summary>
/// <remarks>
/// A step is up to date iff the newest complete commit that it made in its main table has its fingerprint, or its newest
/// row in <c>runs</c> has and it committed nothing there since (a step that found nothing to write).
/// </remarks>
public sealed class JobRunner
{
    private readonly IEngine _engine;
    private readonly OneRecOptions _options;
    private readonly IRunObserver _observer;
    private readonly TimeProvider _clock;
    private readonly StepCatalogue _steps;

    /// <summary>A runner of given steps.</summary>
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
    /// <param name="cancellation">Ctrl-C: the step stops, tables stay at their last commit.</param>
    /// <exception cref="OneRecException">What the user must know; steps before it are done and recorded.</exception>
    public RunSummary Run(IReadOnlyList<string> steps, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(steps);
        long start = _clock.GetTimestamp();
        string runId = _options.Run.Id ?? NewRunId();
        var context = new StepContext(_engine, _options, runId, _clock, _observer, cancellation);
        var runs = new RunsLog(_engine);
        var summaries = new List<StepSummary>();

        // All inputs once, and only where there is work: before the first step that has any, so that none has written yet.
        IStep[] chosen = [.. steps.Select(_steps.Find)];
        bool looked = chosen.Length == 1;
        foreach (IStep step in chosen)
        {
            cancellation.ThrowIfCancellationRequested();
            StepSummary summary = RunStep(context, step, runs, whole: chosen.Length > 1, Look);
            summary = summary with { Result = ResultOf(step) };
            summaries.Add(summary);
            _observer.Finished(summary);
        }

        void Look()
        {
            foreach (IInputStep step in looked ? [] : chosen.OfType<IInputStep>())
            {
                if (SkipReason(step, context, whole: chosen.Length > 1) is null)
                {
                    step.RequireInputs(context);
                }
            }

            looked = true;
        }

        return new RunSummary(
            runId,
            summaries,
            _clock.GetElapsedTime(start).TotalSeconds,
            PeakBytes())
        {
            Times = _engine.Times,
        };
    }

    private string? ResultOf(IStep step) =>
        (step as IMarkedStep)?.ResultPath(_options) is { } path && Path.Exists(path) ? path : null;

    private StepSummary RunStep(StepContext context, IStep step, RunsLog runs, bool whole, Action beforeWork)
    {
        _observer.Started(step.Name);
        long start = _clock.GetTimestamp();
        if (SkipReason(step, context, whole) is { } reason)
        {
            return new StepSummary(step.Name, true, Seconds(), PeakBytes(), 0, [], [new Fact("skipped", reason)]);
        }

        StepPlan plan = step.Plan(context);
        string fingerprint = plan.Fingerprint(step.Name);
        if (IsUpToDate(step, plan, fingerprint, runs, out TableVersion? at))
        {
            if (runs.Newest(step.Name)?.Fingerprint != fingerprint)
            {
                // The row was lost to a kill between the step's commit and this table's.
                runs.Write(context, step, plan, new StepOutcome(0, at is null ? [] : [at], []), 0);
            }

            return new StepSummary(step.Name, true, Seconds(), PeakBytes(), 0, at is null ? [] : [at], []);
        }

        beforeWork();
        _engine.Told = line => _observer.Told(step.Name, line);
        _engine.Progress = p => _observer.Progressed(step.Name, "", p.Done, p.Total, p.Unit);
        StepOutcome outcome = Run(step, context, plan);
        runs.Write(context, step, plan, outcome, Seconds());
        return new StepSummary(step.Name, false, Seconds(), PeakBytes(), outcome.Rows, outcome.Tables, outcome.Facts);

        double Seconds() => _clock.GetElapsedTime(start).TotalSeconds;
    }

    // A failure of an engine or a kernel does not know which step it met.
    private static StepOutcome Run(IStep step, StepContext context, StepPlan plan)
    {
        try
        {
            return step.Run(context, plan);
        }
        catch (OneRecException e) when (e.Kind is ErrorKind.Engine or ErrorKind.Bug && !e.Message.Contains(step.Name, StringComparison.Ordinal))
        {
            throw new OneRecException(e.Kind, e.Code, $"{step.Name}: {e.Message}", e);
        }
    }

    // Asked for by name, a step always runs.
    private static string? SkipReason(IStep step, StepContext context, bool whole) =>
        whole ? (step as ISkippable)?.SkipReason(context) : null;

    private bool IsUpToDate(IStep step, StepPlan plan, string fingerprint, RunsLog runs, out TableVersion? at)
    {
        at = null;
        if (step is IMarkedStep marked)
        {
            return marked.FingerprintOfResult(_options) == fingerprint;
        }

        if (_engine.Tables.State(plan.MainTable) is not { } state)
        {
            return false;
        }

        at = new TableVersion(plan.MainTable, state.Version);
        NotedCommit? commit = _engine.Tables.NewestCommit(plan.MainTable, step.Name);
        if (commit is { Note.Complete: true } && commit.Note.Fingerprint == fingerprint)
        {
            return true;
        }

        RunsLog.Entry? row = runs.Newest(step.Name);
        return row?.Fingerprint == fingerprint
            && row.Tables.TryGetValue(plan.MainTable, out long version)
            && version <= state.Version
            && (commit is null || commit.Version <= version);
    }

    private string NewRunId() =>
        $"{_clock.GetUtcNow():yyyyMMdd-HHmmss}-{Guid.NewGuid().ToString("N")[..6]}";

    private static long PeakBytes()
    {
        using var process = Process.GetCurrentProcess();
        return process.PeakWorkingSet64;
    }
}
