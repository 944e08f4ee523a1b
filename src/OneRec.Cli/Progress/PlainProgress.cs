using System.Globalization;
using OneRec.Cli.Output;
using OneRec.Pipeline.Running;

namespace OneRec.Cli.Progress;

/// <summary>Progress as plain lines: one per start, end and message, and otherwise at most one every five seconds.</summary>
/// <param name="lines">Standard error.</param>
/// <param name="clock">Time.</param>
internal sealed class PlainProgress(ErrorLines lines, TimeProvider clock) : IProgressDisplay, IRunObserver
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    private readonly Lock _lock = new();
    private readonly Dictionary<(string Step, string Phase), ProgressRate> _rates = [];
    private long _next;
    private string? _phase;

    /// <inheritdoc/>
    public T Watch<T>(Func<IRunObserver, T> work) => work(this);

    /// <inheritdoc/>
    public void Started(string step)
    {
        lock (_lock)
        {
            _rates.Clear();
            _phase = null;
            DelayNextLine();
            Line(step, "started");
        }
    }

    /// <inheritdoc/>
    public void Message(string step, string line)
    {
        lock (_lock)
        {
            Line(step, line);
        }
    }

    /// <inheritdoc/>
    public void Progressed(string step, string phase, long done, long total, string unit)
    {
        // Kernels report often and from many threads: a report costs one comparison until a line is due.
        if (clock.GetTimestamp() < Volatile.Read(ref _next) && Volatile.Read(ref _phase) == phase)
        {
            return;
        }

        lock (_lock)
        {
            _phase = phase;
            if (!_rates.TryGetValue((step, phase), out ProgressRate? rate))
            {
                rate = new ProgressRate(clock, done);
                _rates.Add((step, phase), rate);
            }

            if (clock.GetTimestamp() >= _next)
            {
                DelayNextLine();
                Line(step, rate.Describe(phase, done, total, unit));
            }
        }
    }

    /// <inheritdoc/>
    public void Finished(StepSummary summary)
    {
        ArgumentNullException.ThrowIfNull(summary);
        string rows = summary.Rows == 1 ? "1 row" : summary.Rows.ToString("N0", CultureInfo.InvariantCulture) + " rows";
        string seconds = summary.Seconds.ToString("F1", CultureInfo.InvariantCulture);
        Message(summary.Step, summary.LeftOut is { } reason ? $"left out: {reason}"
            : summary.UpToDate ? "up to date"
            : $"done, {rows} in {seconds} s");
    }

    private void DelayNextLine() =>
        Volatile.Write(ref _next, clock.GetTimestamp() + (long)(Interval.TotalSeconds * clock.TimestampFrequency));

    private void Line(string step, string text) => lines.WriteLine(
        $"{clock.GetLocalNow().ToString("HH:mm:ss", CultureInfo.InvariantCulture)} {step}: {text}");
}
