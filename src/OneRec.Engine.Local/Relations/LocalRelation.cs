using Apache.Arrow;
using OneRec.Engine.Local.DuckDb;

namespace OneRec.Engine.Local.Relations;

/// <summary>A relation of the local engine: a stream of batches that DuckDB can also read as a view.</summary>
internal abstract class LocalRelation : IRelation
{
    /// <inheritdoc/>
    public abstract Schema Schema { get; }

    /// <summary>The name of the view in SQL.</summary>
    public abstract string ViewName { get; }

    /// <summary>All batches, in the relation's order if it has one; the caller disposes them.</summary>
    public abstract IEnumerable<RecordBatch> Batches();
}

/// <summary>A SELECT, as a view.</summary>
internal sealed class ViewRelation(DuckDbSession session, string viewName, Schema schema) : LocalRelation
{
    /// <inheritdoc/>
    public override Schema Schema => schema;

    /// <inheritdoc/>
    public override string ViewName => viewName;

    /// <inheritdoc/>
    public override IEnumerable<RecordBatch> Batches() => session.Stream($"SELECT * FROM {viewName}");
}

/// <summary>
/// Batches produced by code: the output of a kernel, or rows of the driver. A consumer of batches gets them directly; SQL
/// reads them from a scratch file, which is written once.
/// </summary>
internal sealed class ProducedRelation(Schema schema, Func<IEnumerable<RecordBatch>> produce, Scratch scratch)
    : LocalRelation, IDisposable
{
    private ScratchFile? _spooled;

    /// <inheritdoc/>
    public override Schema Schema => schema;

    /// <inheritdoc/>
    public override string ViewName => (_spooled ??= scratch.Write(schema, produce())).ViewName;

    /// <inheritdoc/>
    public override IEnumerable<RecordBatch> Batches() => _spooled is null ? produce() : _spooled.Batches();

    /// <summary>Removes the scratch file: nothing reads it by SQL any more.</summary>
    public void Dispose() => _spooled?.Dispose();
}

/// <summary>A relation kept in one scratch file, as one part with number 0.</summary>
internal sealed class MaterializedRelation(Scratch scratch, ScratchFile file) : LocalRelation, IMaterializedRelation
{
    /// <inheritdoc/>
    public override Schema Schema => file.Schema;

    /// <inheritdoc/>
    public long Rows => file.Rows;

    /// <inheritdoc/>
    public override string ViewName => file.ViewName;

    /// <summary>Writes the batches of a relation.</summary>
    public static MaterializedRelation Write(Scratch scratch, Schema schema, IEnumerable<RecordBatch> batches) =>
        new(scratch, scratch.Write(schema, batches));

    /// <inheritdoc/>
    public override IEnumerable<RecordBatch> Batches() => file.Batches();

    /// <inheritdoc/>
    public IRelation Part(int part) => new ProducedRelation(file.Schema, () => part == 0 ? file.Batches() : [], scratch);

    /// <inheritdoc/>
    public void Dispose() => file.Dispose();
}
