namespace OneRec.Delta;

/// <summary>A data file that no longer belongs to a table (action <c>remove</c>).</summary>
/// <param name="Path">As the log writes it: URL-encoded.</param>
/// <param name="DeletionTimestamp">Milliseconds since 1970 UTC; null where it is not told.</param>
/// <param name="DataChange">False where the rows live on in other files.</param>
public sealed record RemoveFile(string Path, long? DeletionTimestamp, bool DataChange) : TableAction
{
    /// <summary>The path with its URL encoding undone.</summary>
    public string DecodedPath { get; } = Uri.UnescapeDataString(Path);
}
