using Apache.Arrow;

namespace OneRec.Engine.Sources;

/// <summary>Parquet files to be read by column name, with types that the caller found to fit every file.</summary>
/// <param name="Files">Files in lexicographic order.</param>
/// <param name="Columns">
/// Columns to read: long, double, string, boolean, date, UTC timestamp of microseconds, decimal, binary, or lists of these.
/// Narrower numbers widen; times without a zone are UTC.
/// </param>
public sealed record ParquetFiles(IReadOnlyList<string> Files, Schema Columns)
{
    /// <summary>A number for each file: those of one number are written with the same columns and types. Null: all are.</summary>
    public IReadOnlyList<int>? Alike { get; init; }

    /// <summary>Columns that the files' folders name, read as text after the others; null: none.</summary>
    public FilePartitions? Partitions { get; init; }
}

/// <summary>A version of a Delta table that is not ours, to be read with types that fit its columns.</summary>
/// <param name="Folder">Its folder, full path.</param>
/// <param name="Version">The version.</param>
/// <param name="Columns">Columns to read, partition columns among them; types as of <see cref="ParquetFiles.Columns"/>.</param>
public sealed record DeltaFiles(string Folder, long Version, Schema Columns)
{
    /// <summary>
    /// Partition values (a text or null for each partition column of the table, in its order) of which alone rows are
    /// wanted. A hint: rows of others may come too. Null: all.
    /// </summary>
    public IReadOnlyList<IReadOnlyList<string?>>? Partitions { get; init; }
}

/// <summary>Images of items as bytes in Parquet files, read by row slices and never through SQL on the local engine.</summary>
/// <param name="Files">
/// Files in lexicographic order, with columns <c>item_id</c>, <c>position</c> (whole numbers) and <c>image</c> (binary).
/// </param>
public sealed record ImageFiles(IReadOnlyList<string> Files);

/// <summary>Columns that folders name (<c>day=2024-01-31/part.csv</c>, as Hive and Spark write them): texts or null.</summary>
/// <param name="Root">The folder above those that name columns; full path.</param>
/// <param name="Columns">Names in the order of the folders, at least one.</param>
/// <param name="Values">A value a column, for each file of the source in its order.</param>
public sealed record FilePartitions(
    string Root, IReadOnlyList<string> Columns, IReadOnlyList<IReadOnlyList<string?>> Values);
