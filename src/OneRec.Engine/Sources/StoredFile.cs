using Apache.Arrow;

namespace OneRec.Engine.Sources;

/// <summary>A file or folder of a file system.</summary>
/// <param name="Path">Its full path.</param>
/// <param name="IsFolder">Whether it is a folder; with <see cref="IsLink"/>, not known.</param>
/// <param name="Length">Size of a file in bytes.</param>
/// <param name="Modified">Modification time; the default for an entry of a list that does not tell it.</param>
public sealed record StoredFile(string Path, bool IsFolder, long Length, DateTimeOffset Modified)
{
    /// <summary>Whether an entry of a list is a symbolic link: it may lead to a file, a folder, or nothing.</summary>
    public bool IsLink { get; init; }

    /// <summary>Its name in its folder.</summary>
    public string Name => System.IO.Path.GetFileName(Path);
}

/// <summary>A table that the engine looks up: of a catalog, or a Delta table on a file system that only the engine reaches.</summary>
/// <param name="Name">Its name in the engine's SQL.</param>
/// <param name="Columns">Its columns, partition columns included.</param>
/// <param name="Identity">
/// Changes when the rows do: for a Delta table its newest data-changing version, for files a hash of their names, sizes and times.
/// If nothing tells whether rows changed, a text that no other run has.
/// </param>
public sealed record StoredTable(string Name, Schema Columns, string Identity)
{
    /// <summary>The version of a Delta table, which is the one read; null for other tables.</summary>
    public long? Version { get; init; }
}

/// <summary>A read of a table with types that fit its columns.</summary>
/// <param name="Table">The table.</param>
/// <param name="Columns">Columns to read; types as in <see cref="ParquetFiles.Columns"/>.</param>
public sealed record TableColumns(StoredTable Table, Schema Columns);
