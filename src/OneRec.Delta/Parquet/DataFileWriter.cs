using System.Globalization;
using Apache.Arrow;
using OneRec.Core;

namespace OneRec.Delta;

/// <summary>
/// Writes Arrow batches as data files of a table: casts to the table's exact columns, splits by partition, adds statistics.
/// </summary>
/// <remarks>
/// The files that <see cref="Finish"/> returns are durable (fsync). Disposing the writer without it deletes what was
/// written; a crash leaves files that the log does not name. Not thread-safe.
/// </remarks>
public sealed class DataFileWriter : IDisposable
{
    // Columns with statistics unless a table property says otherwise.
    private const int DefaultStatisticsColumns = 32;

    private readonly TableFolder _folder;
    private readonly Schema _schema;
    private readonly DataFileOptions _options;
    private readonly int[] _fileColumns;
    private readonly Schema _fileSchema;
    private readonly int _statisticsColumns;
    private readonly PartitionSplitter _splitter;
    private readonly Dictionary<string, (OpenDataFile File, PartitionRows Partition, long Used)> _open = [];
    private readonly List<DataFile> _done = [];
    private long _clock;
    private bool _finished;

    internal DataFileWriter(
        TableFolder folder,
        Schema schema,
        IReadOnlyList<string> partitionColumns,
        IReadOnlyDictionary<string, string> configuration,
        DataFileOptions options)
    {
        _folder = folder;
        _schema = schema;
        _options = options;
        _fileColumns = [.. Enumerable.Range(0, schema.FieldsList.Count)
            .Where(i => !partitionColumns.Contains(schema.FieldsList[i].Name))];
        _fileSchema = new Schema(_fileColumns.Select(i => WithoutMetadata(schema.FieldsList[i])), null);
        _splitter = new PartitionSplitter(folder.Path, schema, partitionColumns);
        _statisticsColumns = configuration.TryGetValue("delta.dataSkippingNumIndexedCols", out string? text)
            && int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int n)
                ? n < 0 ? int.MaxValue : n
                : DefaultStatisticsColumns;
    }

    /// <summary>Rows written so far.</summary>
    public long Rows { get; private set; }

    /// <summary>Writes a batch's rows, in order within each partition.</summary>
    /// <param name="batch">
    /// Columns by name, in any order; additional columns are an error. Nullability flags, names of list elements, text layout
    /// (32-bit or 64-bit offsets, views) and time units may differ from the table's. The caller keeps ownership.
    /// </param>
    /// <exception cref="OneRecException">
    /// Input errors: <c>delta.column-missing</c>, <c>delta.column-unknown</c>, <c>delta.column-type</c>,
    /// <c>delta.value-range</c>, <c>delta.null-value</c>, <c>delta.partition-value</c>; engine error <c>delta.write-failed</c>
    /// if the disk reports an error.
    /// </exception>
    public void Write(RecordBatch batch)
    {
        ObjectDisposedException.ThrowIf(_finished, this);
        if (batch.Length == 0)
        {
            return;
        }

        ArrayData[] columns = Cast(batch);
        try
        {
            foreach (PartitionRows partition in _splitter.Split(columns, batch.Length))
            {
                try
                {
                    Write(partition);
                }
                finally
                {
                    Free(partition.Columns);
                }
            }
        }
        catch (Exception e) when (ParquetFailure.IsOfFile(e) || e is UnauthorizedAccessException)
        {
            throw CannotWrite(e);
        }
        finally
        {
            Free(columns);
        }

        Rows += batch.Length;
    }

    /// <summary>Closes all files and makes them durable; nothing more can be written.</summary>
    /// <returns>The files in the order in which they were closed, to be passed to <c>Transaction.Add</c>.</returns>
    /// <exception cref="OneRecException">Engine error <c>delta.write-failed</c>.</exception>
    public IReadOnlyList<DataFile> Finish()
    {
        ObjectDisposedException.ThrowIf(_finished, this);
        try
        {
            foreach (string key in _open.OrderBy(o => o.Value.Used).Select(o => o.Key).ToList())
            {
                Close(key);
            }

            foreach (string folder in _done.SelectMany(f => FoldersOf(_folder.Path, f)).Distinct().Order(StringComparer.Ordinal))
            {
                _folder.Disk.SyncFolder(folder);
            }
        }
        catch (Exception e) when (ParquetFailure.IsOfFile(e) || e is UnauthorizedAccessException)
        {
            throw CannotWrite(e);
        }

        _finished = true;
        return _done;
    }

    /// <summary>Deletes what was written unless <see cref="Finish"/> was called.</summary>
    public void Dispose()
    {
        if (_finished)
        {
            return;
        }

        _finished = true;
        foreach ((OpenDataFile file, _, _) in _open.Values)
        {
            Discard(file.Dispose);
            Discard(() => File.Delete(file.FullPath));
        }

        foreach (DataFile file in _done)
        {
            Discard(() => File.Delete(Path.Combine(_folder.Path, Uri.UnescapeDataString(file.Path))));
        }
    }

    // The failure that led here is the one to report: closing a file on a full disk fails again, and what is left behind does
    // no harm.
    private static void Discard(Action act)
    {
        try
        {
            act();
        }
        catch (Exception e) when (ParquetFailure.IsOfFile(e) || e is UnauthorizedAccessException)
        {
        }
    }

    /// <summary>The folders on the path to a file, starting with the table's own.</summary>
    private static IEnumerable<string> FoldersOf(string table, DataFile file)
    {
        yield return table;
        string folder = table;
        foreach (string part in Uri.UnescapeDataString(file.Path).Split('/').SkipLast(1))
        {
            folder = Path.Combine(folder, part);
            yield return folder;
        }
    }

    private static void Free(IEnumerable<ArrayData> columns)
    {
        foreach (ArrayData column in columns)
        {
            column.Dispose();
        }
    }

    // Field metadata belongs in the log's schema; in a file, some keys would have a meaning for Parquet.
    private static Field WithoutMetadata(Field field) => new(field.Name, field.DataType, field.IsNullable);

    private ArrayData[] Cast(RecordBatch batch)
    {
        IReadOnlyList<Field> given = batch.Schema.FieldsList;
        if (given.FirstOrDefault(g => !_schema.FieldsList.Any(f => f.Name == g.Name)) is { } unknown)
        {
            throw OneRecException.Input(
                "delta.column-unknown",
                $"{_folder.Path}: the rows have column '{unknown.Name}', but the table has "
                + string.Join(", ", _schema.FieldsList.Select(f => f.Name)));
        }

        var columns = new ArrayData[_schema.FieldsList.Count];
        for (int i = 0; i < columns.Length; i++)
        {
            Field field = _schema.FieldsList[i];
            int at = batch.Schema.GetFieldIndex(field.Name);
            if (at < 0 && _options.NullIfAbsent.Contains(field.Name))
            {
                columns[i] = NullColumn.Of(field.DataType, batch.Length);
                continue;
            }

            if (at < 0)
            {
                throw OneRecException.Input(
                    "delta.column-missing", $"{_folder.Path}: the rows have no column '{field.Name}', which the table has");
            }

            columns[i] = ColumnCast.Cast(
                batch.Column(at).Data, field, new CastPlace(ErrorKind.Input, _folder.Path, "", field.Name, Rows));
        }

        return columns;
    }

    private void Write(PartitionRows partition)
    {
        ArrayData[] columns = [.. _fileColumns.Select(i => partition.Columns[i])];
        OpenDataFile file = Open(partition);

        // Rows are written in chunks no larger than a row group, so that a file can be closed between two chunks.
        long bytes = columns.Sum(ArrowSize.Of);
        int piece = (int)Math.Clamp(partition.Rows * _options.RowGroupBytes / Math.Max(1, bytes), 1, _options.RowGroupRows);
        for (int at = 0; at < partition.Rows; at += piece)
        {
            int rows = Math.Min(piece, partition.Rows - at);
            if (file.AtGroupEnd && file.Bytes >= _options.TargetFileBytes)
            {
                Close(partition.Key);
                file = Open(partition);
            }

            ArrayData[] part = [.. columns.Select(c => c.SliceShared(at, rows))];
            file.Write(part, rows);
            Free(part);
        }
    }

    private OpenDataFile Open(PartitionRows partition)
    {
        if (_open.TryGetValue(partition.Key, out (OpenDataFile File, PartitionRows Partition, long Used) there))
        {
            _open[partition.Key] = there with { Used = ++_clock };
            return there.File;
        }

        if (_open.Count >= _options.OpenPartitions)
        {
            Close(_open.MinBy(o => o.Value.Used).Key);
        }

        string folder = Path.Combine(_folder.Path, partition.Folder);
        Directory.CreateDirectory(folder);
        string kind = _options.Compression == DataFileCompression.Zstd ? "zstd" : "snappy";
        string name = $"part-00000-{Guid.NewGuid():D}-c000.{kind}.parquet";
        var file = new OpenDataFile(Path.Combine(folder, name), _fileSchema, _statisticsColumns, _options);
        _open.Add(partition.Key, (file, partition with { Columns = [] }, ++_clock));
        return file;
    }

    private void Close(string key)
    {
        (OpenDataFile file, PartitionRows partition, _) = _open[key];
        string stats = file.Close();
        file.Dispose();
        _open.Remove(key);
        _folder.Disk.SyncFile(file.FullPath);
        string relative = (partition.Folder.Length == 0 ? "" : partition.Folder + "/") + Path.GetFileName(file.FullPath);
        _done.Add(new DataFile(
            PartitionFolder.UrlEncode(relative),
            partition.Values,
            file.Rows,
            new FileInfo(file.FullPath).Length,
            _folder.Clock.GetUtcNow().ToUnixTimeMilliseconds(),
            stats)
        {
            Sha256 = StableHash.Sha256OfFile(file.FullPath),
        });
    }

    private OneRecException CannotWrite(Exception e) => OneRecException.Engine(
        "delta.write-failed", SystemFailure.Line($"{_folder.Path}: cannot write a data file", e), e);
}
