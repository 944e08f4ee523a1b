using System.Text.Json.Serialization;

namespace OneRec.Benchmarks;

/// <summary>One figure: a JSON object a line.</summary>
/// <param name="Case">What was run.</param>
/// <param name="Seconds">Best of its runs, the work alone.</param>
/// <param name="Rate">Units a second.</param>
/// <param name="Unit">What is counted, a second.</param>
/// <param name="PeakBytes">Peak resident memory of the process.</param>
/// <param name="Facts">What the figure depends on: sizes, threads, runs.</param>
internal sealed record Result(
    string Case, double Seconds, double Rate, string Unit, long PeakBytes, IReadOnlyDictionary<string, object> Facts)
{
    /// <summary>The level of a codebook, from 0; null where there are none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? Level { get; init; }

    /// <summary>Mean squared error a row, summed over dimensions, after the level.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? Mse { get; init; }

    /// <summary>Share of the level's codes that some row has.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? Utilization { get; init; }
}
