using NLog;
using OneRec.Pipeline.Running;

namespace OneRec.Cli.Progress;

/// <summary>
/// Logs a run beside its display: what starts, ends and is told, with the properties <c>run_id</c> and <c>step</c>, which log lines of
/// others carry too while the run lasts. The default configuration does not show these lines on standard error, where the
/// display shows the same.
/// </summary>
internal sealed class LoggedRun : IRunObserver
{
    private static readonly Logger Logger = LogManager.GetLogger("run");

    private readonly IRunObserver _display;
    private readonly List<IDisposable> _scopes = [];

    private LoggedRun(IRunObserver display) => _display = display;

    /// <summary>Runs work, and logs what it reports to an observer.</summary>
    /// <param name="display">Shows it.</param>
    /// <param name="work">The run.</param>
    public static T Observe<T>(IRunObserver display, Func<IRunObserver, T> work)
    {
        var logged = new LoggedRun(display);
        try
        {
            return work(logged);
        }
        catch (Exception e)
        {
            Logger.Error("failed: {Message}", e.Message.ReplaceLineEndings(" "));
            throw;
        }
        finally
        {
            logged.Leave(0);
        }
    }

    /// <inheritdoc/>
    public void Began(string runId)
    {
        _scopes.Add(ScopeContext.PushProperty("run_id", runId));
        Logger.Info("run {RunId} started", runId);
        _display.Began(runId);
    }

    /// <inheritdoc/>
    public void Started(string step)
    {
        _scopes.Add(ScopeContext.PushProperty("step", step));
        Logger.Info("started");
        _display.Started(step);
    }

    /// <inheritdoc/>
    public void Message(string step, string line)
    {
        Logger.Info("{Line:l}", line);
        _display.Message(step, line);
    }

    /// <inheritdoc/>
    public void Progressed(string step, string phase, long done, long total, string unit) =>
        _display.Progressed(step, phase, done, total, unit);

    /// <inheritdoc/>
    public void Finished(StepSummary summary)
    {
        ArgumentNullException.ThrowIfNull(summary);
        if (_scopes.Count < 2)
        {
            _scopes.Add(ScopeContext.PushProperty("step", summary.Step));
        }

        string outcome = summary.LeftOut is { } reason ? $"left out: {reason}" : summary.UpToDate ? "up to date" : "done";
        Logger.Info(
            "{Outcome:l}, rows {Rows}, seconds {Seconds}, read {Read}, written {Written}, peak memory {PeakMemory}",
            outcome, summary.Rows, summary.Seconds, summary.Bytes.Read, summary.Bytes.Written, summary.PeakBytes);
        Leave(1);
        _display.Finished(summary);
    }

    private void Leave(int left)
    {
        while (_scopes.Count > left)
        {
            _scopes[^1].Dispose();
            _scopes.RemoveAt(_scopes.Count - 1);
        }
    }
}
