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
    IReadOnlyList<Fact> Facts);

/// <summary>A table at a version.</summary>
public sealed record TableVersion(string Table, long Version);

/// <summary>A short fact: a name and a value as text.</summary>
public sealed record Fact(string Name, string Value);
