using OneRec.Core;

namespace OneRec.Pipeline.Running;

/// <summary>What one step did.</summary>
/// <param name="Step">Its name.</param>
/// <param name="UpToDate">True where it found nothing to do and committed nothing.</param>
/// <param name="Seconds">Wall time.</param>
/// <param name="PeakBytes">Peak resident memory of the process up to its end.</param>
/// <param name="Rows">Rows written to its main table, 0 where up to date.</param>
/// <param name="Tables">Tables that it owns with their version after it.</param>
/// <param name="Facts">A few short facts for the summary, in order: "users" "671".</param>
public sealed record StepSummary(
    string Step,
    bool UpToDate,
    double Seconds,
    long PeakBytes,
    long Rows,
    IReadOnlyList<TableVersion> Tables,
    IReadOnlyList<Fact> Facts)
{
    /// <summary>Its result where that is no table, such as a page: a full path where it is there.</summary>
    public string? Result { get; init; }
}

/// <summary>A table at a version.</summary>
public sealed record TableVersion(string Table, long Version);


/// <summary>What a run did.</summary>
/// <param name="RunId">Its id.</param>
/// <param name="Steps">Its steps in the order they ran.</param>
/// <param name="Seconds">Wall time of it all.</param>
/// <param name="PeakBytes">Peak resident memory of the process.</param>
public sealed record RunSummary(
    string RunId,
    IReadOnlyList<StepSummary> Steps,
    double Seconds,
    long PeakBytes)
{
    /// <summary>Where the engine's time went, as far as it tells.</summary>
    public IReadOnlyList<TimeShare> Times { get; init; } = [];
}
