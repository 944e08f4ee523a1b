using Apache.Arrow;

namespace OneRec.Engine.Local;

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

/// <summary>
/// Batches that code makes: a kernel's output, rows of the driver. They flow straight to whoever takes them as batches;
/// SQL reads them from a scratch file, written once.
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

/// <summary>A relation kept in one scratch file; it is part 0 of itself.</summary>
internal sealed class KeptRelation(Scratch scratch, ScratchFile file) : LocalRelation, IKeptRelation
{
    /// <inheritdoc/>
    public override Schema Schema => file.Schema;

    /// <inheritdoc/>
    public long Rows => file.Rows;

    /// <inheritdoc/>
    public override string ViewName => file.ViewName;

    /// <summary>Writes a relation's batches.</summary>
    public static KeptRelation Write(Scratch scratch, Schema schema, IEnumerable<RecordBatch> batches) =>
        new(scratch, scratch.Write(schema, batches));

    /// <inheritdoc/>
    public override IEnumerable<RecordBatch> Batches() => file.Batches();

    /// <inheritdoc/>
    public IRelation Part(int part) => new ProducedRelation(file.Schema, () => part == 0 ? file.Batches() : [], scratch);

    /// <inheritdoc/>
    public void Dispose() => file.Dispose();
}
