using Apache.Arrow;
using OneRec.Core;
using ParquetSharp;
using ParquetSharp.Arrow;

namespace OneRec.Delta;

/// <summary>Reads a snapshot's data files as batches of the table's exact schema.</summary>
internal sealed class TableScan
{
    // A quarter of the 64 MiB that a record batch may have: the rows of a file differ in size.
    private const long BatchBytes = 16L << 20;
    private const int BatchRows = 65_536;

    private readonly Snapshot _snapshot;
    private readonly Schema _schema;

    public TableScan(Snapshot snapshot, IReadOnlyList<string>? columns)
    {
        _snapshot = snapshot;
        _schema = columns is null
            ? snapshot.Schema
            : new Schema(
                columns.Select(c => snapshot.Schema.FieldsList.FirstOrDefault(f => f.Name == c)
                    ?? throw OneRecException.Table(
                        "delta.column-missing",
                        $"{snapshot.Table.Folder} version {snapshot.Version} has no column '{c}'; it has "
                        + string.Join(", ", snapshot.Schema.FieldsList.Select(f => f.Name)))),
                null);
    }

    /// <summary>The rows of a file, in the file's order.</summary>
    public IEnumerable<RecordBatch> Read(AddFile file)
    {
        string path = _snapshot.FullPath(file);
        FileReader reader = Open(path, file);
        using (reader)
        {
            IReadOnlyList<SchemaField> there = reader.SchemaManifest.SchemaFields;
            string?[] names = [.. there.Select(f => f.Field.Name)];
            var leaves = new List<int>();
            foreach (Field field in _schema.FieldsList)
            {
                int at = System.Array.IndexOf(names, field.Name);
                if (at >= 0 && !_snapshot.PartitionColumns.Contains(field.Name))
                {
                    Leaves(there[at], leaves);
                }
            }

            if (leaves.Count == 0)
            {
                foreach (RecordBatch batch in WithoutColumns(reader, file))
                {
                    yield return batch;
                }

                yield break;
            }

            // The reader gives the columns in the file's order, whatever the order asked for.
            leaves.Sort();
            using var stream = reader.GetRecordBatchReader(null!, [.. leaves]);
            long first = 0;
            while (Next(stream.ReadNextRecordBatchAsync().AsTask(), path, file) is { } batch)
            {
                using (batch)
                {
                    yield return Fit(batch, file, first);
                    first += batch.Length;
                }
            }
        }
    }

    private FileReader Open(string path, AddFile file)
    {
        try
        {
            long bytes = 0;
            long rows = 0;
            using (var probe = new ParquetFileReader(path))
            {
                for (int i = 0; i < probe.FileMetaData.NumRowGroups; i++)
                {
                    using RowGroupReader group = probe.RowGroup(i);
                    bytes += group.MetaData.TotalByteSize;
                    rows += group.MetaData.NumRows;
                }
            }

            int batchRows = (int)Math.Clamp(BatchBytes / Math.Max(1, bytes / Math.Max(1, rows)), 1, BatchRows);
            using var properties = ReaderProperties.GetDefaultReaderProperties();
            properties.EnableBufferedStream();
            using var arrow = ArrowReaderProperties.GetDefault();
            arrow.BatchSize = batchRows;
            arrow.PreBuffer = false;
            arrow.UseThreads = false;
            arrow.CoerceInt96TimestampUnit = Apache.Arrow.Types.TimeUnit.Microsecond;
            return new FileReader(path, properties, arrow);
        }
        catch (Exception e) when (ParquetFailure.IsOfFile(e))
        {
            throw Broken(path, file, e);
        }
    }

    private RecordBatch? Next(Task<RecordBatch> next, string path, AddFile file)
    {
        try
        {
            return next.GetAwaiter().GetResult();
        }
        catch (Exception e) when (ParquetFailure.IsOfFile(e))
        {
            throw Broken(path, file, e);
        }
    }

    private OneRecException Broken(string path, AddFile file, Exception e) => File.Exists(path)
        ? OneRecException.Table(
            "delta.file-broken",
            $"{_snapshot.Table.Folder} version {_snapshot.Version}: {file.DecodedPath} cannot be read as Parquet; "
            + "restore the file",
            e)
        : OneRecException.Table(
            "delta.file-missing",
            $"{_snapshot.Table.Folder} version {_snapshot.Version}: {file.DecodedPath} is not there; restore the file",
            e);

    private static void Leaves(SchemaField field, List<int> leaves)
    {
        if (field.Children.Count == 0)
        {
            leaves.Add(field.ColumnIndex);
            return;
        }

        foreach (SchemaField child in field.Children)
        {
            Leaves(child, leaves);
        }
    }

    private RecordBatch Fit(RecordBatch batch, AddFile file, long firstRow)
    {
        var columns = new List<IArrowArray>(_schema.FieldsList.Count);
        foreach (Field field in _schema.FieldsList)
        {
            int at = _snapshot.PartitionColumns.Contains(field.Name) ? -1 : batch.Schema.GetFieldIndex(field.Name);
            columns.Add(at < 0
                ? Constant(field, file, batch.Length)
                : ArrowArrayFactory.BuildArray(ColumnCast.Cast(
                    batch.Column(at).Data, field, new CastPlace(
                        ErrorKind.Table, _snapshot.Table.Folder, "/" + file.DecodedPath, field.Name, firstRow))));
        }

        return new RecordBatch(_schema, columns, batch.Length);
    }

    private IEnumerable<RecordBatch> WithoutColumns(FileReader reader, AddFile file)
    {
        long left = reader.ParquetReader.FileMetaData.NumRows;
        while (left > 0)
        {
            int length = (int)Math.Min(left, BatchRows);
            left -= length;
            yield return new RecordBatch(_schema, _schema.FieldsList.Select(f => Constant(f, file, length)), length);
        }
    }

    /// <summary>A partition column of the file; or nulls, for a column that was added after the file was written.</summary>
    private IArrowArray Constant(Field field, AddFile file, int length)
    {
        object? value = _snapshot.PartitionColumns.Contains(field.Name) ? _snapshot.PartitionValueOf(file, field) : null;
        if (value is null && !field.IsNullable)
        {
            throw OneRecException.Table(
                "delta.column-missing",
                $"{_snapshot.Table.Folder} version {_snapshot.Version}: {file.DecodedPath} lacks column '{field.Name}', "
                + "which may not be null; rewrite the table");
        }

        try
        {
            return ConstantColumn.Of(value, field.DataType, length);
        }
        catch (FormatException e)
        {
            throw _snapshot.BadPartitionValue(file, field, e);
        }
    }
}
