using Apache.Arrow;

namespace OneRec.Pipeline.Engines.Local;

/// <summary>
/// Batches that code makes: a kernel's output, rows of the driver. They flow straight to whoever takes them as batches;
/// SQL reads them from a scratch file, written once.
/// </summary>
internal sealed class ProducedRelation(Schema schema, Func<IEnumerable<RecordBatch>> produce, Scratch scratch)
    : LocalRelation
{
    private ScratchFile? _spooled;

    /// <inheritdoc/>
    public override Schema Schema => schema;

    /// <inheritdoc/>
    public override string ViewName => (_spooled ??= scratch.Write(schema, produce())).ViewName;

    /// <inheritdoc/>
    public override IEnumerable<RecordBatch> Batches() => _spooled is null ? produce() : _spooled.Batches();
}
