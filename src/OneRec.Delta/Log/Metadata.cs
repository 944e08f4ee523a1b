using Apache.Arrow;

namespace OneRec.Delta;

/// <summary>A table's columns and configuration (action <c>metaData</c>).</summary>
/// <param name="Id">The table's own id.</param>
/// <param name="SchemaString">The columns as the log writes them.</param>
/// <param name="PartitionColumns">Names, in order.</param>
/// <param name="Configuration">Table properties.</param>
/// <param name="CreatedTime">Milliseconds since 1970 UTC; null where it is not told.</param>
/// <param name="Name">The table's name; null where it is not told.</param>
/// <param name="Description">Free text; null where there is none.</param>
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

    /// <summary>The columns in order, partition columns included. Times are UTC microseconds.</summary>
    /// <exception cref="Core.OneRecException">Table error <c>delta.schema</c>: a type that is not known, by name.</exception>
    public Schema Schema => _schema ??= DeltaSchema.Read(SchemaString);
}
