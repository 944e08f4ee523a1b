using OneRec.Pipeline.Engine;

namespace OneRec.Pipeline.Running;

/// <summary>What a run did.</summary>
/// <param name="RunId">Its id.</param>
/// <param name="Steps">Its steps in the order they ran.</param>
/// <param name="Seconds">Wall time of it all.</param>
/// <param name="PeakBytes">Peak resident memory of the process.</param>
/// <param name="ReportPath">The report's full path, where one was made or is there.</param>
public sealed record RunSummary(
    string RunId,
    IReadOnlyList<StepSummary> Steps,
    double Seconds,
    long PeakBytes,
    string? ReportPath)
{
    /// <summary>Where the engine's time went, as far as it tells.</summary>
    public IReadOnlyList<TimeShare> Times { get; init; } = [];
}
