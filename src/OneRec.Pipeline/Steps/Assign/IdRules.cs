using OneRec.Core;
using OneRec.Pipeline.Running;
using OneRec.Pipeline.Tables;

namespace OneRec.Pipeline.Steps.Assign;

/// <summary>What holds of the IDs of a published codebook, whoever wrote them: neither kind of violation can be mended.</summary>
internal static class IdRules
{
    /// <summary>Requires one ID per item, and one item per (codes, slot), among the IDs that are not deleted.</summary>
    /// <exception cref="OneRecException">Table error <c>assign.two-ids</c> or <c>assign.shared-id</c>, naming the items.</exception>
    public static void Require(IQueryEngine engine, IRelation semanticIds, Codebook codebook)
    {
        if (First(engine, semanticIds, codebook, "items_with_two_ids.sql") is { } item)
        {
            throw OneRecException.Table(
                "assign.two-ids",
                $"semantic_ids: item {item[0]} has {item[1]} IDs under the published codebook {codebook.CodebookId} (such as "
                + $"{item[2]}); another program wrote them: restore an older version of the table, or delete all its rows but one");
        }

        if (First(engine, semanticIds, codebook, "shared_ids.sql") is { } shared)
        {
            throw OneRecException.Table(
                "assign.shared-id",
                $"semantic_ids: items {shared[2]} and {shared[3]} both have the ID {shared[0]}, slot {shared[1]}, under the "
                + $"published codebook {codebook.CodebookId}; another program wrote one of them: restore an older version of the "
                + "table, or delete one of the rows");
        }
    }

    /// <summary>
    /// Refuses to give all items new IDs under a published codebook: slots depend on the order in which items came.
    /// </summary>
    /// <exception cref="OneRecException">Table error <c>assign.lost-ids</c>.</exception>
    public static void RequireSome(StepRun run, IRelation semanticIds, Codebook codebook)
    {
        if (!run.Options.Run.Retrain && First(run.Engine, semanticIds, codebook, "any_id.sql") is null)
        {
            throw OneRecException.Table(
                "assign.lost-ids",
                $"semantic_ids has no IDs of the published codebook {codebook.CodebookId}: the table was removed or replaced; restore "
                    + "it, or set run.retrain=true to give all items IDs anew, which can change published IDs");
        }
    }

    private static object?[]? First(IQueryEngine engine, IRelation semanticIds, Codebook codebook, string script) => RowReader
        .Read(engine.Collect(engine.Sql(
            SqlScript.Load(typeof(IdRules), script).With("codebook_id", codebook.CodebookId), ("semantic_ids", semanticIds))))
        .FirstOrDefault();
}
