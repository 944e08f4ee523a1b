namespace OneRec.Pipeline.Steps.Report.Model;

/// <summary>The newest row of <c>published</c>: what readers use.</summary>
/// <param name="Generation">Counts from 1.</param>
/// <param name="CodebookId">The codebook it names.</param>
/// <param name="PublishedAt">When, UTC.</param>
public sealed record PublicationReport(long Generation, string CodebookId, DateTimeOffset PublishedAt);
