namespace OneRec.Benchmarks;

/// <summary>One figure: a JSON object a line.</summary>
/// <param name="Case">What was run.</param>
/// <param name="Seconds">Best of its runs, the work alone.</param>
/// <param name="Rate">Units a second.</param>
/// <param name="Unit">What is counted, a second.</param>
/// <param name="PeakBytes">Peak resident memory of the process.</param>
/// <param name="Facts">What the figure depends on: sizes, threads, runs.</param>
internal sealed record Result(
    string Case, double Seconds, double Rate, string Unit, long PeakBytes, IReadOnlyDictionary<string, object> Facts);
