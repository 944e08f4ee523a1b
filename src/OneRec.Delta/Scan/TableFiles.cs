using Apache.Arrow;
using OneRec.Core;
using ParquetSharp.Arrow;

namespace OneRec.Delta;

/// <summary>The log's data about the files of one version: places, statistics, partition values.</summary>
/// <param name="folder">The table's folder as given.</param>
/// <param name="version">The version.</param>
/// <param name="metadata">The table's columns.</param>
internal sealed class TableFiles(string folder, long version, Metadata metadata)
{
    private readonly StatisticsReader _statistics = new(metadata.Schema);
    private readonly FilePlace _place = new(folder);

    /// <summary>Folder and version, for errors.</summary>
    public string Name => $"{folder} version {version}";

    /// <summary>The columns in order, including partition columns.</summary>
    public Schema Schema => metadata.Schema;

    /// <summary>Names of the partition columns.</summary>
    public IReadOnlyList<string> PartitionColumns => metadata.PartitionColumns;

    /// <summary>The table's folder as given.</summary>
    public string Folder => folder;

    /// <summary>A file's full path on this machine, below the table's folder.</summary>
    /// <exception cref="OneRecException">
    /// Table error <c>delta.file-place</c>: the file is on another store, outside the table's folder, or in its log.
    /// </exception>
    public string FullPath(AddFile file) => _place.Require(file.Path, Name);

    /// <summary>A file's statistics, typed by the table's columns; null if the log has none that can be read.</summary>
    public FileStatistics? StatisticsOf(AddFile file) => _statistics.Read(file.StatsJson);

    /// <summary>A file's value of a partition column, as <see cref="PartitionValue.Parse"/> returns it.</summary>
    /// <exception cref="OneRecException">Table error <c>delta.partition-value</c>: the text is not of the column's type.</exception>
    public object? PartitionValueOf(AddFile file, Field column)
    {
        try
        {
            return PartitionValue.Parse(file.PartitionValues.GetValueOrDefault(column.Name), column.DataType);
        }
        catch (FormatException e)
        {
            throw BadPartitionValue(file, column, e);
        }
    }

    public OneRecException BadPartitionValue(AddFile file, Field column, FormatException e) => OneRecException.Table(
        "delta.partition-value",
        $"{Name}: '{file.PartitionValues.GetValueOrDefault(column.Name)}' is not a valid "
        + $"{DeltaSchema.NameOf(column.DataType)} for partition column '{column.Name}' of {file.DecodedPath}; rewrite the table",
        e);

    /// <summary>The columns of a file that hold columns of the table; null where the file was written without one.</summary>
    /// <param name="file">A file of the table.</param>
    /// <param name="columns">Names of columns that are not partition columns.</param>
    /// <exception cref="OneRecException">
    /// Table errors: <c>delta.file-missing</c>, <c>delta.file-broken</c>, <c>delta.column-missing</c> for a column that may not
    /// be null, <c>delta.column-type</c> for one whose type is not the table's nor was widened to it.
    /// </exception>
    public IReadOnlyList<string?> NamesIn(AddFile file, IReadOnlyList<string> columns)
    {
        IReadOnlyList<Field> there = Reading<IReadOnlyList<Field>>(file, path =>
        {
            using var reader = new FileReader(path);
            return reader.Schema.FieldsList;
        });
        return [.. columns.Select(string? (string name) =>
        {
            Field column = Schema.FieldsList.First(f => f.Name == name);
            if (FileColumns.Find(there, name) is not { } found)
            {
                return column.IsNullable ? null : throw ColumnMissing(file, column);
            }

            return FileColumns.Fit(found.DataType, column.DataType)
                ? found.Name
                : throw FileColumns.Misfit($"{Name}: {file.DecodedPath}", found, column);
        })];
    }

    /// <summary>Verifies a file's bytes: by their SHA-256 if its writer recorded it, else by the checksums of its pages, if it has any.</summary>
    /// <exception cref="OneRecException">Table errors <c>delta.file-missing</c>, <c>delta.file-broken</c>.</exception>
    public void RequireChecksums(AddFile file)
    {
        if (!Reading(file, path => file.Sha256 is { } hash ? StableHash.Sha256OfFile(path) == hash : PageChecksums.AreRight(path)))
        {
            throw OneRecException.Table(
                "delta.file-broken",
                $"{Name}: {file.DecodedPath} is damaged: it differs from its checksum; restore the file");
        }

        // A file with our checksum is as we wrote it.
        if (file.Sha256 is null && Reading(file, PageBombs.Find) is { } bomb)
        {
            throw OneRecException.Table(
                "delta.file-broken",
                $"{Name}: {file.DecodedPath} has a page of {bomb.Stored:N0} bytes that inflates to {bomb.Inflated >> 20:N0} MiB; "
                + "restore the file, or write it with smaller pages (parquet.page.size)");
        }
    }

    /// <summary>Number of rows of a file, by its own footer.</summary>
    /// <exception cref="OneRecException">Table errors <c>delta.file-missing</c>, <c>delta.file-broken</c>.</exception>
    public long RowsIn(AddFile file) => Reading(file, path =>
    {
        using var reader = new ParquetSharp.ParquetFileReader(path);
        return reader.FileMetaData.NumRows;
    });

    /// <summary>Reads a file to its end.</summary>
    /// <exception cref="OneRecException">Table errors <c>delta.file-missing</c>, <c>delta.file-broken</c>.</exception>
    public void RequireWhole(AddFile file)
    {
        RequireChecksums(file);
        Reading(file, path =>
        {
            using var reader = new FileReader(path);
            using var stream = reader.GetRecordBatchReader();
            while (stream.ReadNextRecordBatchAsync().AsTask().GetAwaiter().GetResult() is { } batch)
            {
                batch.Dispose();
            }

            return true;
        });
    }

    /// <summary>The error of a file that cannot be read.</summary>
    public OneRecException Unreadable(AddFile file, string path, Exception e)
    {
        if (!File.Exists(path))
        {
            return OneRecException.Table(
                "delta.file-missing", $"{Name}: {file.DecodedPath} does not exist; restore the file", e);
        }

        // What the system refuses says nothing about the file.
        return SystemFailure.Of(e)?.At($"{Name}: cannot read {file.DecodedPath}", e) ?? OneRecException.Table(
            "delta.file-broken", $"{Name}: cannot read {file.DecodedPath} as Parquet; restore the file", e);
    }

    /// <summary>The error of a file without a column that may not be null.</summary>
    public OneRecException ColumnMissing(AddFile file, Field column) => OneRecException.Table(
        "delta.column-missing",
        $"{Name}: {file.DecodedPath} has no column '{column.Name}', which is not nullable; rewrite the table");

    private T Reading<T>(AddFile file, Func<string, T> read)
    {
        string path = FullPath(file);
        try
        {
            return read(path);
        }
        catch (Exception e) when (ParquetFailure.IsOfFile(e) || e is UnauthorizedAccessException)
        {
            throw Unreadable(file, path, e);
        }
    }
}
