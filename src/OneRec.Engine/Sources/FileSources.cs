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
    /// <summary>A number per file: files with the same number have the same columns and types. Null: all files do.</summary>
    public IReadOnlyList<int>? Alike { get; init; }

    /// <summary>Partition columns from folder names, read as text after the others; null: none.</summary>
    public FilePartitions? Partitions { get; init; }
}

/// <summary>A version of a Delta table of another program, to read with types that fit its columns.</summary>
/// <param name="Folder">Its folder, full path.</param>
/// <param name="Version">The version.</param>
/// <param name="Columns">Columns to read, including partition columns; types as in <see cref="ParquetFiles.Columns"/>.</param>
public sealed record DeltaFiles(string Folder, long Version, Schema Columns)
{
    /// <summary>
    /// The partitions to read: a text or null for each partition column of the table, in its order. A hint: rows of other
    /// partitions may be returned too. Null: all.
    /// </summary>
    public IReadOnlyList<IReadOnlyList<string?>>? Partitions { get; init; }
}

/// <summary>Images of items as bytes in Parquet files. The local engine reads them by row slices, never through SQL.</summary>
/// <param name="Files">
/// Files in lexicographic order, with the columns of ids, of positions (whole numbers) and of images (binary).
/// </param>
public sealed record ImageFiles(IReadOnlyList<string> Files)
{
    /// <summary>The column of item ids.</summary>
    public string IdColumn { get; init; } = "item_id";

    /// <summary>The column of positions.</summary>
    public string PositionColumn { get; init; } = "position";

    /// <summary>The column of images.</summary>
    public string ImageColumn { get; init; } = "image";
}

/// <summary>Partition columns from folder names (<c>day=2024-01-31/part.csv</c>, as written by Hive and Spark): texts or null.</summary>
/// <param name="Root">The folder above the partition folders; full path.</param>
/// <param name="Columns">Names in the order of the folders, at least one.</param>
/// <param name="Values">One value per column, for each file of the source in its order.</param>
public sealed record FilePartitions(
    string Root, IReadOnlyList<string> Columns, IReadOnlyList<IReadOnlyList<string?>> Values);
