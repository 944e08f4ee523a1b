using Apache.Arrow;
using Apache.Arrow.Ipc;
using OneRec.Core;
using OneRec.Kernels.Batches;

namespace OneRec.Engine.Local.Relations;

/// <summary>Writes the file of one part.</summary>
internal sealed class PartFileWriter : IDisposable
{
    private readonly string _path;
    private readonly Schema _schema;
    private readonly FileStream _file;
    private readonly ArrowStreamWriter _writer;
    private long _rows;

    /// <summary>Creates the file.</summary>
    /// <param name="path">Its full path.</param>
    /// <param name="schema">Columns.</param>
    public PartFileWriter(string path, Schema schema)
    {
        _path = path;
        _schema = schema;
        _file = Scratch.Writing(path, () => new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None));
        _writer = new ArrowStreamWriter(_file, schema, leaveOpen: true);
    }

    /// <summary>Adds the rows of a batch; the caller disposes it.</summary>
    /// <param name="batch">The columns of the schema, by position.</param>
    /// <exception cref="OneRecException">Engine error <c>engine.scratch</c>: the file cannot be written.</exception>
    public void Write(RecordBatch batch)
    {
        Scratch.Writing(_path, () => _writer.WriteRecordBatch(Scratch.WithSchema(batch, _schema)));
        _rows += batch.Length;
    }

    /// <summary>Closes the file.</summary>
    public PartFile Finish()
    {
        Scratch.Writing(_path, () =>
        {
            _writer.WriteEnd();
            _file.Flush();
        });
        return new PartFile(_path, _rows);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Scratch.Discard(_writer);
        Scratch.Discard(_file);
    }
}

/// <summary>A part of a kept relation: an Arrow stream in a file, read without decoding in every pass.</summary>
/// <param name="path">The file.</param>
/// <param name="rows">Number of rows.</param>
internal sealed class PartFile(string path, long rows) : IDisposable
{
    // Batches are read directly into their memory; the stream's buffer is only for headers.
    private const int BufferBytes = 64 << 10;

    /// <summary>Number of rows.</summary>
    public long Rows => rows;

    /// <summary>The batches in the order written; the caller disposes them.</summary>
    public IEnumerable<RecordBatch> Batches()
    {
        using FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.Read, BufferBytes, FileOptions.SequentialScan);
        using var reader = new ArrowStreamReader(file, CollectedMemory.Instance, leaveOpen: true);
        while (reader.ReadNextRecordBatch() is { } batch)
        {
            yield return batch;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => File.Delete(path);
}
