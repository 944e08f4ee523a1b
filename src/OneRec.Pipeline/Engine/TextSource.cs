namespace OneRec.Pipeline.Engine;

/// <summary>CSV files (RFC 4180, UTF-8, a header) to be read as text.</summary>
/// <param name="Files">Files in lexicographic order, each with the same header.</param>
/// <param name="Columns">The header's names in order.</param>
/// <param name="MultiLine">Whether a quoted field may hold line breaks.</param>
public sealed record TextSource(IReadOnlyList<string> Files, IReadOnlyList<string> Columns, bool MultiLine);
