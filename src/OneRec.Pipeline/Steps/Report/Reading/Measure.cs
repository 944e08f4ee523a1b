namespace OneRec.Pipeline.Steps.Report.Reading;

/// <summary>A row of table <c>quality</c>.</summary>
/// <param name="RunId">The run that measured.</param>
/// <param name="CodebookId">The codebook measured; null for what belongs to none.</param>
/// <param name="Metric">What, step first.</param>
/// <param name="Level">The level; null for all of them.</param>
/// <param name="Iteration">The iteration; null where there is none.</param>
/// <param name="Value">How much.</param>
internal sealed record Measure(string RunId, string? CodebookId, string Metric, int? Level, int? Iteration, double Value);
