namespace OneRec.Delta;

/// <summary>A data file that is written but not yet committed.</summary>
/// <param name="Path">As in the log: URL-encoded, relative to the table's folder.</param>
/// <param name="PartitionValues">The text of each partition column's value; null for a null value.</param>
/// <param name="Rows">Number of rows.</param>
/// <param name="Size">Size in bytes.</param>
/// <param name="ModificationTime">Milliseconds since 1970 UTC.</param>
/// <param name="StatsJson">Statistics as in the log.</param>
public sealed record DataFile(
    string Path,
    IReadOnlyDictionary<string, string?> PartitionValues,
    long Rows,
    long Size,
    long ModificationTime,
    string StatsJson)
{
    /// <summary>The SHA-256 of the file's bytes, lower-case hex.</summary>
    public required string Sha256 { get; init; }
}
