using System.Globalization;
using OneRec.Core;
using OneRec.Kernels.Clustering.Batches;
using OneRec.Pipeline.Running;
using OneRec.Pipeline.Steps.Quantization;
using OneRec.Pipeline.Tables;

namespace OneRec.Pipeline.Steps.Assign;

/// <summary>
/// Encoded items with <see cref="AssignOptions.MaxItemsPerId"/> applied: items of overfull IDs are moved to codes with
/// room.
/// </summary>
internal sealed class CapacitySpread : IDisposable
{
    private readonly IMaterializedRelation? _moved;

    private CapacitySpread(IRelation ids, IMaterializedRelation? moved, IReadOnlyList<Fact> facts)
    {
        Ids = ids;
        _moved = moved;
        Facts = facts;
    }

    /// <summary>The encoded items with their final codes.</summary>
    public IRelation Ids { get; }

    /// <summary>How many items moved and how many exceed the limit; empty if there is no limit.</summary>
    public IReadOnlyList<Fact> Facts { get; }

    /// <summary>Moves items of overfull IDs to other codes.</summary>
    /// <param name="run">The run.</param>
    /// <param name="items">Their embeddings.</param>
    /// <param name="encoded">Items with their nearest codes.</param>
    /// <param name="existing">Rows of <c>semantic_ids</c>: those of the codebook keep their codes.</param>
    /// <param name="codebook">The codebook.</param>
    /// <exception cref="OneRecException">
    /// No code has room for an item and <c>assign.onFull</c> is <c>fail</c> (exit 3).
    /// </exception>
    public static CapacitySpread Create(
        StepRun run, EmbeddedItems items, IRelation encoded, IRelation existing, Codebook codebook)
    {
        if (run.Options.Section<AssignOptions>().MaxItemsPerId is not { } capacity)
        {
            return new CapacitySpread(encoded, null, []);
        }

        IQueryEngine engine = run.Engine;
        IRelation overfull = engine.Sql(
            SqlScript.Load(typeof(CapacitySpread), "overfull_rows.sql").With("codebook_id", codebook.CodebookId).With("capacity", capacity),
            ("encoded", encoded),
            ("embedded", items.Relation),
            ("semantic_ids", existing));
        IMaterializedRelation moved = engine.Materialize(engine.Map(
            overfull,
            CapacityKernel.Call(items.IdType, capacity),
            PartitionShape.ByKey("prefix", "kind", "item_id"),
            (EncodeKernel.CodebookSide, CodebookTable.Relation(engine, run.Input(CodebookChoice.Table).Rows, codebook.CodebookId))));
        object?[] counts = RowReader.Read(engine.Collect(engine.Sql(
            SqlScript.Load(typeof(CapacitySpread), "spread_counts.sql"), ("spread", moved), ("encoded", encoded))))[0];
        long withoutRoom = (long)counts[1]!;
        if (withoutRoom > 0 && run.Options.Section<AssignOptions>().OnFull == WhenFull.Fail)
        {
            moved.Dispose();
            throw OneRecException.Input(
                "assign.full",
                $"no code has room for {Number(withoutRoom)} items under assign.maxItemsPerId={capacity}, such as an item of ID {counts[2]}; "
                + "raise assign.maxItemsPerId, train more codes for the last level, or set assign.onFull=exceed");
        }

        IRelation ids = engine.Sql(SqlScript.Load(typeof(CapacitySpread), "spread_ids.sql"), ("encoded", encoded), ("spread", moved));
        return new CapacitySpread(
            ids,
            moved,
            [Fact.Of("moved for room", (long)counts[0]!), Fact.Of("over the limit", withoutRoom)]);
    }

    /// <inheritdoc/>
    public void Dispose() => _moved?.Dispose();

    private static string Number(long value) => value.ToString("N0", CultureInfo.InvariantCulture);
}
