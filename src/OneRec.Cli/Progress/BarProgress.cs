using OneRec.Cli.Output;
using OneRec.Pipeline.Running;
using Spectre.Console;

namespace OneRec.Cli.Progress;

/// <summary>Progress as bars on an interactive terminal: one bar per step with rate and time left; messages as lines above.</summary>
/// <param name="lines">Standard error.</param>
/// <param name="clock">Time.</param>
internal sealed class BarProgress(ErrorLines lines, TimeProvider clock) : IProgressDisplay, IRunObserver
{
    private readonly Lock _lock = new();
    private ProgressContext? _bars;
    private ProgressTask? _bar;
    private ProgressRate? _rate;
    private string _phase = "";

    /// <inheritdoc/>
    public T Watch<T>(Func<IRunObserver, T> work)
    {
        ArgumentNullException.ThrowIfNull(work);
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(lines.Writer) });
        lines.WriteThrough(text => console.Write(new Text(text)));
        try
        {
            return console.Progress()
                .AutoClear(false)
                .Columns(new SpinnerColumn(), new ProgressBarColumn(), new TaskDescriptionColumn { Alignment = Justify.Left })
                .Start(bars =>
                {
                    _bars = bars;
                    return work(this);
                });
        }
        finally
        {
            lines.WriteThrough(null);
        }
    }

    /// <inheritdoc/>
    public void Started(string step)
    {
        lock (_lock)
        {
            _bar = _bars!.AddTask(Markup.Escape(step));
            _bar.IsIndeterminate = true;
            (_rate, _phase) = (null, "");
        }
    }

    /// <inheritdoc/>
    public void Message(string step, string line) => lines.WriteLine($"{step}: {line}");

    /// <inheritdoc/>
    public void Progressed(string step, string phase, long done, long total, string unit)
    {
        lock (_lock)
        {
            _bar ??= _bars!.AddTask(Markup.Escape(step));
            if (_rate is null || _phase != phase)
            {
                (_rate, _phase) = (new ProgressRate(clock, done), phase);
            }

            _bar.IsIndeterminate = total <= 0;
            if (total > 0)
            {
                _bar.MaxValue = total;
                _bar.Value = Math.Min(done, total);
            }

            _bar.Description = Markup.Escape(Printable.Line($"{step}: {_rate.Describe(phase, done, total, unit)}"));
        }
    }

    /// <inheritdoc/>
    public void Finished(StepSummary summary)
    {
        ArgumentNullException.ThrowIfNull(summary);
        lock (_lock)
        {
            if (_bar is null)
            {
                // The step never started, so it has no bar.
                lines.WriteLine($"{summary.Step}: {(summary.LeftOut is { } reason ? "left out: " + reason : "up to date")}");
                return;
            }

            _bar.IsIndeterminate = false;
            _bar.MaxValue = 1;
            _bar.Value = 1;
            _bar.Description = Markup.Escape($"{summary.Step}: {summary.Rows:N0} rows in {summary.Seconds:F1} s");
            _bar.StopTask();
            _bar = null;
        }
    }
}
