namespace OneRec.Pipeline.Steps.Report.Model;

/// <summary>How many IDs are held by so many items.</summary>
/// <param name="Size">Items under one ID, at least 1.</param>
/// <param name="Sids">IDs of that size.</param>
public sealed record BucketReport(long Size, long Sids);
