using Apache.Arrow;
using Apache.Arrow.Types;
using ParquetSharp;
using ParquetSharp.Arrow;

namespace OneRec.Delta;

/// <summary>A Parquet file that is being written.</summary>
internal sealed class OpenDataFile : IDisposable
{
    private readonly Schema _schema;
    private readonly DataFileOptions _options;
    private readonly StatisticsCollector _statistics;
    private readonly FileWriter _writer;
    private long _groupBytes;
    private long _groupRows;

    /// <summary>Creates the file and its folder.</summary>
    /// <param name="fullPath">A path that does not exist.</param>
    /// <param name="schema">The file's columns: the table's without partition columns.</param>
    /// <param name="statisticsColumns">Number of leading columns that get statistics.</param>
    /// <param name="options">Row groups and compression.</param>
    public OpenDataFile(string fullPath, Schema schema, int statisticsColumns, DataFileOptions options)
    {
        FullPath = fullPath;
        _schema = schema;
        _options = options;
        _statistics = new StatisticsCollector(schema, statisticsColumns);
        using WriterProperties properties = Properties(schema, options);
        using ArrowWriterProperties arrow = new ArrowWriterPropertiesBuilder().UseThreads(false).Build();
        _writer = new FileWriter(fullPath, schema, properties, arrow);
    }

    public string FullPath { get; }

    public long Rows { get; private set; }

    /// <summary>Uncompressed bytes so far.</summary>
    public long Bytes { get; private set; }

    /// <summary>Whether no rows are buffered for an unfinished row group.</summary>
    public bool AtGroupEnd => _groupRows == 0;

    /// <summary>Writes rows of the exact schema; closes the row group when it is full.</summary>
    public void Write(IReadOnlyList<ArrayData> columns, int rows)
    {
        _statistics.Add(columns, rows);
        long bytes = columns.Sum(ArrowSize.Of);
        int at = 0;
        while (at < rows)
        {
            int part = (int)Math.Min(rows - at, _options.RowGroupRows - _groupRows);
            using (RecordBatch batch = Slice(columns, at, part))
            {
                _writer.WriteBufferedRecordBatch(batch);
            }

            at += part;
            _groupRows += part;
            _groupBytes += bytes * part / Math.Max(1, rows);
            if (_groupRows >= _options.RowGroupRows || _groupBytes >= _options.RowGroupBytes)
            {
                _writer.NewBufferedRowGroup();
                (_groupRows, _groupBytes) = (0, 0);
            }
        }

        Rows += rows;
        Bytes += bytes;
    }

    /// <summary>Closes the file and returns its statistics.</summary>
    public string Close()
    {
        _writer.Close();
        return _statistics.Json();
    }

    public void Dispose() => _writer.Dispose();

    private static WriterProperties Properties(Schema schema, DataFileOptions options)
    {
        using var builder = new WriterPropertiesBuilder();
        builder.Compression(options.Compression == DataFileCompression.Zstd ? Compression.Zstd : Compression.Snappy);
        builder.MaxRowGroupLength(options.RowGroupRows);
        builder.EnablePageChecksum();

        // Vectors rarely repeat a value; a dictionary would be built only to be discarded.
        foreach (Field field in schema.FieldsList)
        {
            if (field.DataType is FloatType or DoubleType)
            {
                builder.DisableDictionary(field.Name);
            }
            else if (field.DataType is ListType { ValueDataType: FloatType or DoubleType })
            {
                builder.DisableDictionary(field.Name + ".list.element");
            }
        }

        return builder.Build();
    }

    private RecordBatch Slice(IReadOnlyList<ArrayData> columns, int at, int rows) => new(
        _schema,
        columns.Select(c => ArrowArrayFactory.BuildArray(c.SliceShared(at, rows))),
        rows);
}

/// <summary>Recognizes the exceptions that the Parquet library throws for unreadable files.</summary>
internal static class ParquetFailure
{
    /// <summary>Whether an exception during a read is caused by the file, not by a bug.</summary>
    /// <remarks>For damaged pages, Arrow's C stream interface throws a plain <see cref="Exception"/>.</remarks>
    public static bool IsOfFile(Exception e) => e is ParquetException or IOException or InvalidDataException || e.GetType() == typeof(Exception);
}
