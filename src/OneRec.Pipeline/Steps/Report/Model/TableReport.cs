namespace OneRec.Pipeline.Steps.Report.Model;

/// <summary>A table at the version that the page was made from.</summary>
/// <param name="Name">Its folder under <c>tables</c>.</param>
/// <param name="Version">Its newest version that changed data; null where the table is not there.</param>
public sealed record TableReport(string Name, long? Version);
