using OneRec.Engine.Spark.Jvm;
using OneRec.Engine.Spark.Session;

namespace OneRec.Engine.Spark.Relations;

/// <summary>A relation with one part, kept by Spark in memory and on its local disks.</summary>
internal sealed class MaterializedFrame : SparkRelation, IMaterializedRelation
{
    private bool _isDisposed;

    private MaterializedFrame(JvmObject frame, long rows, Apache.Arrow.Schema schema)
        : base(frame, schema) => Rows = rows;

    /// <inheritdoc/>
    public long Rows { get; }

    /// <summary>Computes and keeps the rows.</summary>
    /// <param name="session">The session.</param>
    /// <param name="rows">What to keep.</param>
    /// <param name="sortBy">The order; empty: as given.</param>
    public static MaterializedFrame Materialize(SparkSession session, SparkRelation rows, IReadOnlyList<string> sortBy)
    {
        using JvmObject level = session.Jvm.GetStatic("org.apache.spark.storage.StorageLevel", "MEMORY_AND_DISK");
        JvmObject ordered = sortBy.Count == 0 ? rows.Frame : rows.Frame.Get("orderBy", session.Ascending(sortBy));
        JvmObject kept = ordered.Get("persist", level);
        return new MaterializedFrame(kept, (long)kept.Call("count")!, rows.Schema);
    }

    /// <inheritdoc/>
    public IRelation Part(int part) => part == 0
        ? this
        : throw new ArgumentException($"one part, 0, is kept; part {part} is not there", nameof(part));

    /// <inheritdoc/>
    public void Dispose()
    {
        if (!_isDisposed)
        {
            _isDisposed = true;
            Frame.Call("unpersist", false);
        }
    }
}
