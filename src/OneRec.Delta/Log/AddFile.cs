namespace OneRec.Delta;

/// <summary>A data file that belongs to a table (Delta protocol, action <c>add</c>).</summary>
/// <param name="Path">As the log writes it: URL-encoded, relative to the table's folder (or a full URI).</param>
/// <param name="PartitionValues">A text for each partition column; null is a null value.</param>
/// <param name="Size">Bytes.</param>
/// <param name="ModificationTime">Milliseconds since 1970 UTC.</param>
/// <param name="DataChange">False where the rows were only moved from other files (a compaction).</param>
/// <param name="StatsJson">Statistics as the log writes them; null where there are none.</param>
/// <param name="Tags">Tags by name; empty where there are none.</param>
public sealed record AddFile(
    string Path,
    IReadOnlyDictionary<string, string?> PartitionValues,
    long Size,
    long ModificationTime,
    bool DataChange,
    string? StatsJson,
    IReadOnlyDictionary<string, string?> Tags) : TableAction
{
    /// <summary>The path with its URL encoding undone: what two spellings of one file share.</summary>
    public string DecodedPath { get; } = Uri.UnescapeDataString(Path);
}
