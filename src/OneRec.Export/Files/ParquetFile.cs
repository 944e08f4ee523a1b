using Apache.Arrow;
using ParquetSharp;
using ParquetSharp.Arrow;

namespace OneRec.Export.Files;

/// <summary>A Parquet file that is written row by row, in row groups of a bounded number of rows.</summary>
internal sealed class ParquetFile : IDisposable
{
    private const int GroupRows = 65_536;

    private readonly IReadOnlyList<ParquetColumn> _columns;
    private readonly Schema _schema;
    private readonly FileWriter _writer;
    private int _buffered;

    /// <summary>Creates a file.</summary>
    /// <param name="path">A path that does not exist.</param>
    /// <param name="columns">Its columns; every one gets a value before <see cref="EndRow"/>.</param>
    public ParquetFile(string path, params IReadOnlyList<ParquetColumn> columns)
    {
        _columns = columns;
        _schema = new Schema(columns.Select(c => c.Field), null);
        using var builder = new WriterPropertiesBuilder();
        builder.Compression(Compression.Snappy);
        builder.MaxRowGroupLength(GroupRows);
        using WriterProperties properties = builder.Build();
        using ArrowWriterProperties arrow = new ArrowWriterPropertiesBuilder().UseThreads(false).Build();
        _writer = new FileWriter(path, _schema, properties, arrow);
    }

    /// <summary>Number of rows so far.</summary>
    public long Rows { get; private set; }

    /// <summary>Ends a row.</summary>
    public void EndRow()
    {
        Rows++;
        if (++_buffered == GroupRows)
        {
            Write();
        }
    }

    /// <summary>Writes what is left, and the footer. Without it the file cannot be read.</summary>
    public void Finish()
    {
        if (_buffered > 0)
        {
            Write();
        }

        _writer.Close();
    }

    /// <inheritdoc/>
    public void Dispose() => _writer.Dispose();

    private void Write()
    {
        using var batch = new RecordBatch(_schema, _columns.Select(c => c.Take()), _buffered);
        _writer.WriteRecordBatch(batch, GroupRows);
        _buffered = 0;
    }
}
