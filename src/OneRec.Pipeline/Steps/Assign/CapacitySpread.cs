using System.Globalization;
using OneRec.Core;
using OneRec.Kernels.Clustering.Batches;
using OneRec.Pipeline.Running;
using OneRec.Pipeline.Steps.Quantization;
using OneRec.Pipeline.Tables;

namespace OneRec.Pipeline.Steps.Assign;

/// <summary>Encoded items after <see cref="AssignOptions.MaxItemsPerId"/>: those of overfull IDs moved to codes with room.</summary>
internal sealed class CapacitySpread : IDisposable
{
    private readonly IKeptRelation? _moved;

    private CapacitySpread(IRelation ids, IKeptRelation? moved, IReadOnlyList<Fact> facts)
    {
        Ids = ids;
        _moved = moved;
        Facts = facts;
    }

    /// <summary>The encoded items with the codes they hold.</summary>
    public IRelation Ids { get; }

    /// <summary>How many moved and how many exceed the limit; empty where there is no limit.</summary>
    public IReadOnlyList<Fact> Facts { get; }

    /// <summary>Spreads items.</summary>
    /// <param name="context">The run.</param>
    /// <param name="items">Embeddings.</param>
    /// <param name="encoded">Items with their nearest codes.</param>
    /// <param name="there">Rows of <c>semantic_ids</c>: the codebook's hold their places.</param>
    /// <param name="codebook">The codebook.</param>
    /// <exception cref="OneRecException">Exit 3: an item finds no room and <c>assign.onFull</c> is fail.</exception>
    public static CapacitySpread Of(StepContext context, EmbeddedItems items, IKeptRelation encoded, IRelation there, Codebook codebook)
    {
        if (context.Options.Section<AssignOptions>().MaxItemsPerId is not { } capacity)
        {
            return new CapacitySpread(encoded, null, []);
        }

        IEngine engine = context.Engine;
        IRelation overfull = engine.Sql(
            SqlScript.Load(typeof(CapacitySpread), "overfull_rows.sql").With("codebook_id", codebook.CodebookId).With("capacity", capacity),
            ("encoded", encoded),
            ("embedded", items.Relation),
            ("semantic_ids", there));
        IKeptRelation moved = engine.Keep(engine.Map(
            overfull,
            CapacityKernel.Call(items.IdType, capacity),
            PartitionShape.ByKey("prefix", "kind", "item_id"),
            (EncodeKernel.CodebookSide, CodebookTable.Relation(engine, codebook.CodebookId))));
        object?[] counts = RowReader.Read(engine.Collect(engine.Sql(
            SqlScript.Load(typeof(CapacitySpread), "spread_counts.sql"), ("spread", moved), ("encoded", encoded))))[0];
        long withoutRoom = (long)counts[1]!;
        if (withoutRoom > 0 && context.Options.Section<AssignOptions>().OnFull == WhenFull.Fail)
        {
            moved.Dispose();
            throw OneRecException.Input(
                "assign.full",
                $"{Number(withoutRoom)} items find no code with room under assign.maxItemsPerId {capacity}, such as one of ID {counts[2]}; "
                + "raise assign.maxItemsPerId, train more codes at the last level, or set assign.onFull=exceed");
        }

        IRelation ids = engine.Sql(SqlScript.Load(typeof(CapacitySpread), "spread_ids.sql"), ("encoded", encoded), ("spread", moved));
        return new CapacitySpread(
            ids,
            moved,
            [new Fact("moved for room", Number((long)counts[0]!)), new Fact("over the limit", Number(withoutRoom))]);
    }

    /// <inheritdoc/>
    public void Dispose() => _moved?.Dispose();

    private static string Number(long value) => value.ToString("N0", CultureInfo.InvariantCulture);
}
