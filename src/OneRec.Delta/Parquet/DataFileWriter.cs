using System.Globalization;
using Apache.Arrow;
using OneRec.Core;
using ParquetSharp;

namespace OneRec.Delta;

/// <summary>
/// Writes Arrow batches as data files of a table: cast to the table's exact columns, split by partition, with statistics.
/// </summary>
/// <remarks>
/// Files that <see cref="Finish"/> gives are on the disk (fsync). Disposing without it removes what was written; a crash
/// leaves files that no log names. Not for several threads at once.
/// </remarks>
public sealed class DataFileWriter : IDisposable
{
    // Columns of which a table keeps statistics unless its property says otherwise.
    private const int DefaultStatisticsColumns = 32;

    private readonly DeltaTable _table;
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
        DeltaTable table,
        Schema schema,
        IReadOnlyList<string> partitionColumns,
        IReadOnlyDictionary<string, string> configuration,
        DataFileOptions options)
    {
        _table = table;
        _schema = schema;
        _options = options;
        _fileColumns = [.. Enumerable.Range(0, schema.FieldsList.Count)
            .Where(i => !partitionColumns.Contains(schema.FieldsList[i].Name))];
        _fileSchema = new Schema(_fileColumns.Select(i => WithoutMetadata(schema.FieldsList[i])), null);
        _splitter = new PartitionSplitter(table.Folder, schema, partitionColumns);
        _statisticsColumns = configuration.TryGetValue("delta.dataSkippingNumIndexedCols", out string? text)
            && int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int n)
                ? n < 0 ? int.MaxValue : n
                : DefaultStatisticsColumns;
    }

    /// <summary>Rows taken so far.</summary>
    public long Rows { get; private set; }

    /// <summary>Writes a batch's rows, in order within each partition.</summary>
    /// <param name="batch">
    /// Columns by name, in any order; further columns are an error. Nullability flags, names of list elements, text layout
    /// (32 or 64-bit offsets, views) and units of time may differ from the table's. The batch stays the caller's.
    /// </param>
    /// <exception cref="OneRecException">
    /// Input errors: <c>delta.column-missing</c>, <c>delta.column-unknown</c>, <c>delta.column-type</c>,
    /// <c>delta.value-range</c>, <c>delta.null-value</c>, <c>delta.partition-value</c>; engine error <c>delta.write-failed</c>
    /// where the disk refuses.
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
        catch (Exception e) when (e is ParquetException or IOException or UnauthorizedAccessException)
        {
            throw CannotWrite(e);
        }
        finally
        {
            Free(columns);
        }

        Rows += batch.Length;
    }

    /// <summary>Ends all files and makes them durable; nothing more can be written.</summary>
    /// <returns>The files in the order in which they were ended; to be given to <see cref="Transaction.Add(IEnumerable{DataFile})"/>.</returns>
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

            foreach (string folder in _done.SelectMany(f => FoldersOf(_table.Folder, f)).Distinct().Order(StringComparer.Ordinal))
            {
                _table.Durable.SyncFolder(folder);
            }
        }
        catch (Exception e) when (e is ParquetException or IOException or UnauthorizedAccessException)
        {
            throw CannotWrite(e);
        }

        _finished = true;
        return _done;
    }

    /// <summary>Removes what was written, where <see cref="Finish"/> was not reached.</summary>
    public void Dispose()
    {
        if (_finished)
        {
            return;
        }

        _finished = true;
        foreach ((OpenDataFile file, _, _) in _open.Values)
        {
            file.Dispose();
            File.Delete(file.FullPath);
        }

        foreach (DataFile file in _done)
        {
            File.Delete(Path.Combine(_table.Folder, Uri.UnescapeDataString(file.Path)));
        }
    }

    /// <summary>The folders whose entries lead to a file, the table's own first.</summary>
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

    // A field's metadata belongs to the log's schema; in a file some keys would mean something to Parquet.
    private static Field WithoutMetadata(Field field) => new(field.Name, field.DataType, field.IsNullable);

    private ArrayData[] Cast(RecordBatch batch)
    {
        IReadOnlyList<Field> given = batch.Schema.FieldsList;
        if (given.FirstOrDefault(g => !_schema.FieldsList.Any(f => f.Name == g.Name)) is { } unknown)
        {
            throw OneRecException.Input(
                "delta.column-unknown",
                $"{_table.Folder}: rows have column '{unknown.Name}', the table has "
                + string.Join(", ", _schema.FieldsList.Select(f => f.Name)));
        }

        var columns = new ArrayData[_schema.FieldsList.Count];
        for (int i = 0; i < columns.Length; i++)
        {
            Field field = _schema.FieldsList[i];
            int at = batch.Schema.GetFieldIndex(field.Name);
            if (at < 0)
            {
                throw OneRecException.Input(
                    "delta.column-missing", $"{_table.Folder}: rows lack column '{field.Name}' of the table");
            }

            columns[i] = ColumnCast.Cast(
                batch.Column(at).Data, field, new CastPlace(ErrorKind.Input, _table.Folder, "", field.Name, Rows));
        }

        return columns;
    }

    private void Write(PartitionRows partition)
    {
        ArrayData[] columns = [.. _fileColumns.Select(i => partition.Columns[i])];
        OpenDataFile file = Open(partition);

        // Rows go in pieces no larger than a row group, so that a file can be closed between two of them.
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

        string folder = Path.Combine(_table.Folder, partition.Folder);
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
        _table.Durable.SyncFile(file.FullPath);
        string relative = (partition.Folder.Length == 0 ? "" : partition.Folder + "/") + Path.GetFileName(file.FullPath);
        _done.Add(new DataFile(
            PartitionFolder.UrlEncode(relative),
            partition.Values,
            file.Rows,
            new FileInfo(file.FullPath).Length,
            _table.Clock.GetUtcNow().ToUnixTimeMilliseconds(),
            stats));
    }

    private OneRecException CannotWrite(Exception e) => OneRecException.Engine(
        "delta.write-failed", $"{_table.Folder}: a data file cannot be written ({e.Message.ReplaceLineEndings(" ")})", e);
}
