using Apache.Arrow;
using OneRec.Pipeline.Engine;

namespace OneRec.Pipeline.Engines.Local;

/// <summary>A relation of the local engine: a stream of batches that DuckDB can also read under a name.</summary>
internal abstract class LocalRelation : IRelation
{
    /// <inheritdoc/>
    public abstract Schema Schema { get; }

    /// <summary>The name that SQL reads it by.</summary>
    public abstract string ViewName { get; }

    /// <summary>Its batches from the start, in its order where it has one; the caller disposes them.</summary>
    public abstract IEnumerable<RecordBatch> Batches();
}
