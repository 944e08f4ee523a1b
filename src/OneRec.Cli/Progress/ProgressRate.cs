using System.Globalization;

namespace OneRec.Cli.Progress;

/// <summary>The rate of a phase and the time left, measured from its first report.</summary>
internal sealed class ProgressRate
{
    private readonly TimeProvider _clock;
    private readonly long _start;
    private readonly long _startDone;

    /// <summary>Starts measuring.</summary>
    /// <param name="clock">Time.</param>
    /// <param name="done">Units done already.</param>
    public ProgressRate(TimeProvider clock, long done)
    {
        _clock = clock;
        _start = clock.GetTimestamp();
        _startDone = done;
    }

    /// <summary>A report as text: units done, total, rate and time left.</summary>
    /// <param name="phase">What is being done; empty if it needs no name.</param>
    /// <param name="done">Units done.</param>
    /// <param name="total">Total units, 0 if unknown.</param>
    /// <param name="unit">What is counted.</param>
    public string Describe(string phase, long done, long total, string unit)
    {
        double seconds = _clock.GetElapsedTime(_start).TotalSeconds;
        double rate = seconds > 0 ? (done - _startDone) / seconds : 0;
        string text = phase.Length > 0 ? phase + ": " : "";
        text += total > 0
            ? $"{Count(done)} of {Count(total)} {unit} ({100.0 * done / total:F0}%)"
            : $"{Count(done)} {unit}";
        if (rate > 0)
        {
            text += $", {Rate(rate)} {unit}/s";
            if (total > done)
            {
                text += $", {Duration((total - done) / rate)} left";
            }
        }

        return text;
    }

    /// <summary>A duration as text: <c>12 s</c>, <c>3 min 20 s</c>, <c>2 h 05 min</c>.</summary>
    public static string Duration(double seconds)
    {
        long whole = (long)Math.Ceiling(seconds);
        return whole switch
        {
            < 60 => $"{whole} s",
            < 3600 => $"{whole / 60} min {whole % 60:00} s",
            _ => $"{whole / 3600} h {whole % 3600 / 60:00} min",
        };
    }

    private static string Count(long count) => count.ToString("N0", CultureInfo.InvariantCulture);

    private static string Rate(double rate) =>
        rate.ToString(rate >= 10 ? "N0" : "0.##", CultureInfo.InvariantCulture);
}
