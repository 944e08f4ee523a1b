using Apache.Arrow;
using OneRec.Core;
using ParquetSharp;
using ParquetSharp.Arrow;

namespace OneRec.Delta;

/// <summary>Reads data files as batches with the table's exact schema.</summary>
internal sealed class TableScan
{
    // A quarter of the limit of 64 MiB for a record batch, because row sizes within a file vary.
    private const long BatchBytes = 16L << 20;
    private const int BatchRows = 65_536;

    private readonly TableFiles _files;
    private readonly Schema _schema;

    public TableScan(TableFiles files, IReadOnlyList<string>? columns)
    {
        _files = files;
        _schema = columns is null
            ? files.Schema
            : new Schema(
                columns.Select(c => files.Schema.FieldsList.FirstOrDefault(f => f.Name == c)
                    ?? throw OneRecException.Table(
                        "delta.column-missing",
                        $"{files.Name} has no column '{c}'; it has "
                        + string.Join(", ", files.Schema.FieldsList.Select(f => f.Name)))),
                null);
    }

    /// <summary>The rows of a file, in the file's order.</summary>
    public IEnumerable<RecordBatch> Read(AddFile file)
    {
        string path = _files.FullPath(file);
        _files.RequireChecksums(file);
        FileReader reader = Open(path, file);
        using (reader)
        {
            IReadOnlyList<SchemaField> there = OfFile(path, file, () => reader.SchemaManifest.SchemaFields);
            Field[] fields = [.. there.Select(f => f.Field)];
            var leaves = new List<int>();
            foreach (Field field in _schema.FieldsList)
            {
                int at = System.Array.IndexOf(fields, FileColumns.Find(fields, field.Name));
                if (at >= 0 && !_files.PartitionColumns.Contains(field.Name))
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

            // The reader returns columns in the file's order, whatever order was requested.
            leaves.Sort();
            using var stream = OfFile(path, file, () => reader.GetRecordBatchReader(null!, [.. leaves]));
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
            properties.EnablePageChecksumVerification();
            using var arrow = ArrowReaderProperties.GetDefault();
            arrow.BatchSize = batchRows;
            arrow.PreBuffer = false;
            arrow.UseThreads = false;
            arrow.CoerceInt96TimestampUnit = Apache.Arrow.Types.TimeUnit.Microsecond;
            return new FileReader(path, properties, arrow);
        }
        catch (Exception e) when (ParquetFailure.IsOfFile(e))
        {
            throw _files.Unreadable(file, path, e);
        }
    }

    private RecordBatch? Next(Task<RecordBatch> next, string path, AddFile file) => OfFile(path, file, () => next.GetAwaiter().GetResult());

    private T OfFile<T>(string path, AddFile file, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception e) when (ParquetFailure.IsOfFile(e))
        {
            throw _files.Unreadable(file, path, e);
        }
    }

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
            int at = _files.PartitionColumns.Contains(field.Name)
                ? -1
                : batch.Schema.FieldsList.ToList().IndexOf(FileColumns.Find(batch.Schema.FieldsList, field.Name)!);
            columns.Add(at < 0
                ? Constant(field, file, batch.Length)
                : ArrowArrayFactory.BuildArray(ColumnCast.Cast(
                    batch.Column(at).Data, field, new CastPlace(
                        ErrorKind.Table, _files.Folder, "/" + file.DecodedPath, field.Name, firstRow))));
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

    /// <summary>The value of a partition column, or nulls for a column that was added after the file was written.</summary>
    private IArrowArray Constant(Field field, AddFile file, int length)
    {
        object? value = _files.PartitionColumns.Contains(field.Name) ? _files.PartitionValueOf(file, field) : null;
        if (value is null && !field.IsNullable)
        {
            throw _files.ColumnMissing(file, field);
        }

        try
        {
            return ConstantColumn.Of(value, field.DataType, length);
        }
        catch (FormatException e)
        {
            throw _files.BadPartitionValue(file, field, e);
        }
    }
}
