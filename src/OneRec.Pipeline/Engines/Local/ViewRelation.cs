using Apache.Arrow;

namespace OneRec.Pipeline.Engines.Local;

/// <summary>A SELECT, held as a view.</summary>
internal sealed class ViewRelation(DuckDbSession session, string viewName, Schema schema) : LocalRelation
{
    /// <inheritdoc/>
    public override Schema Schema => schema;

    /// <inheritdoc/>
    public override string ViewName => viewName;

    /// <inheritdoc/>
    public override IEnumerable<RecordBatch> Batches() => session.Stream($"SELECT * FROM {viewName}");
}
