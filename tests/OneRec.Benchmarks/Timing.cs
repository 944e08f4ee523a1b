using System.Diagnostics;

namespace OneRec.Benchmarks;

/// <summary>Times work over several runs.</summary>
internal static class Timing
{
    /// <summary>The best time: whoever else uses the machine only ever adds to it.</summary>
    /// <param name="work">Told its run's number; the same work each time.</param>
    /// <param name="least">Runs at least.</param>
    /// <param name="seconds">Runs go on until they took so long together.</param>
    /// <returns>Seconds of the fastest run, and how many there were.</returns>
    public static (double Best, int Runs) Best(Action work, int least, double seconds)
    {
        double best = double.PositiveInfinity;
        double all = 0;
        int runs = 0;
        while (runs < least || all < seconds)
        {
            long start = Stopwatch.GetTimestamp();
            work();
            double taken = Stopwatch.GetElapsedTime(start).TotalSeconds;
            best = Math.Min(best, taken);
            all += taken;
            runs++;
        }

        return (best, runs);
    }

    /// <summary>Processor seconds of all threads so far: what a machine that others use too still tells.</summary>
    public static double ProcessorSeconds()
    {
        using var process = Process.GetCurrentProcess();
        return process.TotalProcessorTime.TotalSeconds;
    }

    /// <summary>Peak resident memory of this process so far, in bytes.</summary>
    public static long PeakBytes()
    {
        using var process = Process.GetCurrentProcess();
        return process.PeakWorkingSet64;
    }
}
