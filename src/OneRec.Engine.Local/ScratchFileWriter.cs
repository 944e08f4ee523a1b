using Apache.Arrow;
using OneRec.Core;
using OneRec.Delta;
using ParquetSharp.Arrow;

namespace OneRec.Engine.Local;

/// <summary>Writes one scratch file. Small batches are gathered, so that a row group is worth its header.</summary>
internal sealed class ScratchFileWriter(Scratch scratch, string name, string path, Schema schema) : IDisposable
{
    private readonly FileWriter _writer = Scratch.NewWriter(path, schema);
    // A row group is held in memory until it ends, and the library ends it by rows alone: of wide rows that is gigabytes.
    private const long GroupBytes = 16L << 20;

    private long _rows;
    private long _groupBytes;

    /// <summary>Adds a batch's rows; the caller disposes it.</summary>
    public void Write(RecordBatch batch)
    {
        try
        {
            if (_groupBytes >= GroupBytes)
            {
                _writer.NewBufferedRowGroup();
                _groupBytes = 0;
            }

            _writer.WriteBufferedRecordBatch(Scratch.Declared(batch, schema));
            _groupBytes += batch.Arrays.Sum(a => ArrowSize.Of(a.Data));
        }
        catch (ParquetSharp.ParquetException failure)
        {
            throw OneRecException.Engine("engine.scratch", $"cannot write {path}: {failure.Message}", failure);
        }

        _rows += batch.Length;
    }

    /// <summary>Closes the file.</summary>
    public ScratchFile Finish()
    {
        _writer.Close();
        return new ScratchFile(scratch, name, path, schema, _rows);
    }

    /// <inheritdoc/>
    public void Dispose() => _writer.Dispose();
}

/// <summary>A scratch file: read by batches, or by SQL under a view.</summary>
internal sealed class ScratchFile(Scratch scratch, string name, string path, Schema schema, long rows) : IDisposable
{
    private bool _viewed;

    /// <summary>Columns as they were written.</summary>
    public Schema Schema => schema;

    /// <summary>Rows in it.</summary>
    public long Rows => rows;

    /// <summary>Its full path.</summary>
    public string FullPath => path;

    /// <summary>The view that SQL reads it by, made at the first use.</summary>
    public string ViewName
    {
        get
        {
            if (!_viewed)
            {
                scratch.MakeView(name, [path]);
                _viewed = true;
            }

            return name;
        }
    }

    /// <summary>Its batches in the order written; the caller disposes them.</summary>
    public IEnumerable<RecordBatch> Batches() => ParquetBatches.Read(path);

    /// <inheritdoc/>
    public void Dispose() => File.Delete(path);
}
