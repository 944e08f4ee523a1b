namespace OneRec.Delta;

/// <summary>A data file that was written and not yet committed.</summary>
/// <param name="Path">As the log writes it: URL-encoded, relative to the table's folder.</param>
/// <param name="PartitionValues">A text for each partition column; null is a null value.</param>
/// <param name="Rows">Rows.</param>
/// <param name="Size">Bytes.</param>
/// <param name="ModificationTime">Milliseconds since 1970 UTC.</param>
/// <param name="StatsJson">Statistics as the log writes them.</param>
public sealed record DataFile(
    string Path,
    IReadOnlyDictionary<string, string?> PartitionValues,
    long Rows,
    long Size,
    long ModificationTime,
    string StatsJson);
