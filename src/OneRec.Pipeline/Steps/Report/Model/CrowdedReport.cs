namespace OneRec.Pipeline.Steps.Report.Model;

/// <summary>An ID that many items share.</summary>
/// <param name="Sid">The ID.</param>
/// <param name="Items">Items under it.</param>
/// <param name="Titles">Titles of a few of them, by slot.</param>
public sealed record CrowdedReport(string Sid, long Items, IReadOnlyList<string> Titles);
