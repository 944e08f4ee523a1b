using Apache.Arrow;
using OneRec.Delta;
using ParquetSharp.Arrow;

namespace OneRec.Engine.Local.Relations;

/// <summary>Writes one scratch file. Small batches are collected into row groups.</summary>
internal sealed class ScratchFileWriter(Scratch scratch, string name, string path, Schema schema) : IDisposable
{
    // A row group is held in memory until it ends, and the library ends it only by the number of rows: gigabytes of wide rows.
    private const long GroupBytes = 16L << 20;

    private readonly FileWriter _writer = Scratch.Writing(path, () => Scratch.NewWriter(path, schema));
    private long _rows;
    private long _groupBytes;

    /// <summary>Adds the rows of a batch; the caller disposes it.</summary>
    /// <exception cref="Core.OneRecException">Engine error <c>engine.scratch</c>: the file cannot be written.</exception>
    public void Write(RecordBatch batch)
    {
        Scratch.Writing(path, () =>
        {
            if (_groupBytes >= GroupBytes)
            {
                _writer.NewBufferedRowGroup();
                _groupBytes = 0;
            }

            _writer.WriteBufferedRecordBatch(Scratch.WithSchema(batch, schema));
        });
        _groupBytes += batch.Arrays.Sum(a => ArrowSize.Of(a.Data));
        _rows += batch.Length;
    }

    /// <summary>Closes the file.</summary>
    public ScratchFile Finish()
    {
        Scratch.Writing(path, () => _writer.Close());
        return new ScratchFile(scratch, name, path, schema, _rows);
    }

    /// <inheritdoc/>
    public void Dispose() => Scratch.Discard(_writer);
}

/// <summary>A scratch file, read as batches or by SQL through a view.</summary>
internal sealed class ScratchFile(Scratch scratch, string name, string path, Schema schema, long rows) : IDisposable
{
    private bool _hasView;

    /// <summary>The columns as written.</summary>
    public Schema Schema => schema;

    /// <summary>Number of rows.</summary>
    public long Rows => rows;

    /// <summary>Its full path.</summary>
    public string FullPath => path;

    /// <summary>The name of its view in SQL, which is created at the first use.</summary>
    public string ViewName
    {
        get
        {
            if (!_hasView)
            {
                scratch.CreateView(name, [path]);
                _hasView = true;
            }

            return name;
        }
    }

    /// <summary>The batches in the order written; the caller disposes them.</summary>
    public IEnumerable<RecordBatch> Batches() => ParquetBatches.Read(path);

    /// <inheritdoc/>
    public void Dispose() => File.Delete(path);
}
