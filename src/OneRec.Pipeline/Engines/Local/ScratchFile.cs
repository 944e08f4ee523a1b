using Apache.Arrow;

namespace OneRec.Pipeline.Engines.Local;

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
