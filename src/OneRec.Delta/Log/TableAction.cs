using Apache.Arrow;

namespace OneRec.Delta;

/// <summary>One action of a commit: a line of its JSON, or a row of a checkpoint.</summary>
public abstract record TableAction;

/// <summary>A data file that belongs to a table (Delta protocol, action <c>add</c>).</summary>
/// <param name="Path">As in the log: URL-encoded, relative to the table's folder (or a full URI).</param>
/// <param name="PartitionValues">The text of each partition column's value; null for a null value.</param>
/// <param name="Size">Size in bytes.</param>
/// <param name="ModificationTime">Milliseconds since 1970 UTC.</param>
/// <param name="DataChange">False if the rows were only moved from other files (a compaction).</param>
/// <param name="StatsJson">Statistics as in the log; null if there are none.</param>
/// <param name="Tags">Tags by name; may be empty.</param>
public sealed record AddFile(
    string Path,
    IReadOnlyDictionary<string, string?> PartitionValues,
    long Size,
    long ModificationTime,
    bool DataChange,
    string? StatsJson,
    IReadOnlyDictionary<string, string?> Tags) : TableAction
{
    /// <summary>The tag that carries a file's SHA-256.</summary>
    internal const string Sha256Tag = "onerec.sha256";

    /// <summary>The path without URL encoding.</summary>
    public string DecodedPath { get; } = Uri.UnescapeDataString(Path);

    /// <summary>The SHA-256 of the file's bytes, lower-case hex, if its writer recorded it; null otherwise.</summary>
    public string? Sha256 => Tags.GetValueOrDefault(Sha256Tag);

    /// <summary>Whether some of its rows are deleted by a deletion vector, which we cannot read.</summary>
    internal bool HasDeletionVector { get; init; }
}

/// <summary>A data file that no longer belongs to a table (action <c>remove</c>).</summary>
/// <param name="Path">As in the log: URL-encoded.</param>
/// <param name="DeletionTimestamp">Milliseconds since 1970 UTC; null if not given.</param>
/// <param name="DataChange">False if the rows were only moved to other files.</param>
public sealed record RemoveFile(string Path, long? DeletionTimestamp, bool DataChange) : TableAction
{
    /// <summary>The path without URL encoding.</summary>
    public string DecodedPath { get; } = Uri.UnescapeDataString(Path);
}

/// <summary>A table's columns and configuration (action <c>metaData</c>).</summary>
/// <param name="Id">The table's id.</param>
/// <param name="SchemaString">The columns as in the log.</param>
/// <param name="PartitionColumns">Names, in order.</param>
/// <param name="Configuration">Table properties.</param>
/// <param name="CreatedTime">Milliseconds since 1970 UTC; null if not given.</param>
/// <param name="Name">The table's name; null if not given.</param>
/// <param name="Description">Free text; null if not given.</param>
/// <param name="Provider">The format of the data files, <c>parquet</c>.</param>
public sealed record Metadata(
    string Id,
    string SchemaString,
    IReadOnlyList<string> PartitionColumns,
    IReadOnlyDictionary<string, string> Configuration,
    long? CreatedTime,
    string? Name,
    string? Description,
    string Provider) : TableAction
{
    private Schema? _schema;

    /// <summary>Options of the format of the data files; empty in practice.</summary>
    public IReadOnlyDictionary<string, string?> FormatOptions { get; init; } = new Dictionary<string, string?>();

    /// <summary>The columns in order, including partition columns. Times are UTC microseconds.</summary>
    /// <exception cref="Core.OneRecException">Table error <c>delta.schema</c>, naming an unknown type.</exception>
    public Schema Schema => _schema ??= DeltaSchema.Read(SchemaString);
}

/// <summary>The features a program must support to read or write a table (action <c>protocol</c>).</summary>
/// <param name="MinReaderVersion">1: no features; 2: column mapping; 3: see <paramref name="ReaderFeatures"/>.</param>
/// <param name="MinWriterVersion">2: no listed features; 7: see <paramref name="WriterFeatures"/>.</param>
/// <param name="ReaderFeatures">Feature names for reader version 3; otherwise empty.</param>
/// <param name="WriterFeatures">Feature names for writer version 7; otherwise empty.</param>
public sealed record Protocol(
    int MinReaderVersion,
    int MinWriterVersion,
    IReadOnlyList<string> ReaderFeatures,
    IReadOnlyList<string> WriterFeatures) : TableAction
{
    /// <summary>The protocol of the tables we create: reader version 1, writer version 2.</summary>
    public static Protocol Plain { get; } = new(1, 2, [], []);
}

/// <summary>The progress of an application (action <c>txn</c>).</summary>
/// <param name="AppId">The application's id.</param>
/// <param name="Version">The application's own version, which never decreases.</param>
public sealed record ApplicationTransaction(string AppId, long Version) : TableAction
{
    /// <summary>Milliseconds since 1970 UTC; null if not given.</summary>
    public long? LastUpdated { get; init; }
}

/// <summary>Information about a commit (action <c>commitInfo</c>). Every part is optional.</summary>
/// <param name="Timestamp">Milliseconds since 1970 UTC.</param>
/// <param name="Operation">Such as <c>WRITE</c>.</param>
/// <param name="OperationParameters">Parameters by name, as text (JSON if they are not strings).</param>
/// <param name="UserMetadata">Free text from the writer.</param>
/// <param name="EngineInfo">The program that wrote it.</param>
public sealed record CommitInfo(
    long? Timestamp,
    string? Operation,
    IReadOnlyDictionary<string, string?> OperationParameters,
    string? UserMetadata,
    string? EngineInfo) : TableAction
{
    /// <summary>What the writer counted, by name (<c>operationMetrics</c>).</summary>
    internal IReadOnlyDictionary<string, string?> Metrics { get; init; } = new Dictionary<string, string?>();
}

/// <summary>A file of change data (action <c>cdc</c>); it does not belong to the table's state.</summary>
internal sealed record ChangeFile : TableAction;
