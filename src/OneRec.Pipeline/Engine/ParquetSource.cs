using Apache.Arrow;

namespace OneRec.Pipeline.Engine;

/// <summary>Parquet files to be read by column name, with types that the caller found to fit every file.</summary>
/// <param name="Files">Files in lexicographic order.</param>
/// <param name="Columns">
/// Columns to read: long, double, string, boolean, date, UTC timestamp of microseconds, decimal, binary, or lists of these.
/// Narrower numbers widen; times without a zone are UTC.
/// </param>
public sealed record ParquetSource(IReadOnlyList<string> Files, Schema Columns)
{
    /// <summary>A number for each file: those of one number are written with the same columns and types. Null: all are.</summary>
    public IReadOnlyList<int>? Alike { get; init; }

    /// <summary>Columns that the files' folders name, read as text after the others; null: none.</summary>
    public FilePartitions? Partitions { get; init; }
}
