namespace OneRec.Pipeline.Engine;

/// <summary>CSV files (RFC 4180, UTF-8, a header) to be read as text; those named <c>.gz</c> are gzip.</summary>
/// <param name="Files">Files in lexicographic order, each with the same header.</param>
/// <param name="Columns">The header's names in order.</param>
/// <param name="MultiLine">Whether a quoted field may hold line breaks.</param>
public sealed record TextSource(IReadOnlyList<string> Files, IReadOnlyList<string> Columns, bool MultiLine)
{
    /// <summary>Columns that the files' folders name, read as text after those of the header; null: none.</summary>
    public FilePartitions? Partitions { get; init; }
}
