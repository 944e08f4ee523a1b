using Apache.Arrow;
using OneRec.Pipeline.Engine;

namespace OneRec.Pipeline.Engines.Local;

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
