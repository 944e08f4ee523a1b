using Apache.Arrow;
using Apache.Arrow.Ipc;
using OneRec.Kernels.Batches;

namespace OneRec.Pipeline.Engines.Local;

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
