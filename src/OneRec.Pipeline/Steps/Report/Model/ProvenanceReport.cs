namespace OneRec.Pipeline.Steps.Report.Model;

/// <summary>Where the numbers come from: enough to make them again.</summary>
/// <param name="Tables">Tables read, with the version that was read.</param>
/// <param name="Steps">For each step of the job the newest time it ran, in order of time.</param>
public sealed record ProvenanceReport(IReadOnlyList<TableReport> Tables, IReadOnlyList<StepReport> Steps);
