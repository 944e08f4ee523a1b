using Apache.Arrow;
using Apache.Arrow.Ipc;
using OneRec.Core;
using OneRec.Kernels.Batches;

namespace OneRec.Engine.Local;

/// <summary>Writes one part.</summary>
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
        _file = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None);
        _writer = new ArrowStreamWriter(_file, schema, leaveOpen: true);
    }

    /// <summary>Adds a batch's rows; the caller disposes it.</summary>
    /// <param name="batch">The schema's columns, by position.</param>
    /// <exception cref="OneRecException">Engine error <c>engine.scratch</c>: the disk refuses.</exception>
    public void Write(RecordBatch batch)
    {
        try
        {
            _writer.WriteRecordBatch(Scratch.Declared(batch, _schema));
        }
        catch (IOException failure)
        {
            throw OneRecException.Engine("engine.scratch", $"cannot write {_path}: {failure.Message}", failure);
        }

        _rows += batch.Length;
    }

    /// <summary>Closes the file.</summary>
    public PartFile Finish()
    {
        _writer.WriteEnd();
        return new PartFile(_path, _rows);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _writer.Dispose();
        _file.Dispose();
    }
}

/// <summary>A part of a kept relation: an Arrow stream in a file, read back as it lies, pass after pass.</summary>
/// <param name="path">The file.</param>
/// <param name="rows">Rows in it.</param>
internal sealed class PartFile(string path, long rows) : IDisposable
{
    // Whole batches go by; the stream's own buffer only holds their headers.
    private const int BufferBytes = 64 << 10;

    /// <summary>Rows in it.</summary>
    public long Rows => rows;

    /// <summary>Its batches in the order written; the caller disposes them.</summary>
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
