using OneRec.Core;
using OneRec.Pipeline.Running;
using OneRec.Pipeline.Steps.Assign;
using OneRec.Pipeline.Steps.Quantization;
using OneRec.Pipeline.Tables;

namespace OneRec.Pipeline.Steps.Backfill;

/// <summary>Gives the staged items their IDs in one commit: room, then slots, in the order of item ids.</summary>
/// <param name="run">The run.</param>
/// <param name="backfill">The names of the backfill's tables and writes.</param>
/// <param name="codebook">The codebook that was published when the backfill began.</param>
internal sealed class BackfillClosing(StepRun run, BackfillNames backfill, Codebook codebook)
{
    private const string Table = "semantic_ids";
    private const int Attempts = 10;

    /// <summary>Commits the IDs; 0 rows if another process has done so.</summary>
    /// <param name="facts">What capacity did.</param>
    /// <exception cref="OneRecException">
    /// Table errors: <c>backfill.republished</c>, another codebook was published meanwhile; <c>table.conflict</c>; those of <c>assign</c>.
    /// </exception>
    public (TableVersion Version, long Rows) Commit(out IReadOnlyList<Fact> facts)
    {
        for (int attempt = 1; ; attempt++)
        {
            if (run.HasChanged("published"))
            {
                throw OneRecException.Table(
                    "backfill.republished",
                    $"another codebook than {codebook.CodebookId} was published during the backfill, so nothing was given an ID; "
                    + "run the command again: embeddings are kept, codes are computed anew");
            }

            switch (TryCommit(out facts))
            {
                case WriteResult.Committed committed:
                    return (new TableVersion(Table, committed.Version), committed.Rows);
                case WriteResult.AlreadyDone done:
                    return (new TableVersion(Table, done.Version), 0);
                case WriteResult.Conflict conflict when attempt == Attempts:
                    conflict.RequireCommitted(Table);
                    break;
            }
        }
    }

    private WriteResult TryCommit(out IReadOnlyList<Fact> facts)
    {
        IQueryEngine engine = run.Engine;
        PinnedTable items = run.Input("items").Require("ingest");
        TableDefinition table = OneRecTables.SemanticIds(items.IdType);
        PinnedTable there = run.Output(Table);
        IRelation existing = there.RowsOr(table);
        IdRules.RequireSome(run, existing, codebook);
        IdRules.Require(engine, existing, codebook);
        using IMaterializedRelation staged = engine.Materialize(engine.Sql(
            SqlScript.Load(typeof(BackfillClosing), "staged_without_id.sql").With("codebook_id", codebook.CodebookId),
            ("staged", run.Staging(backfill.Id).RowsOr(OneRecTables.StagedIds(backfill.Table, items.IdType))),
            ("semantic_ids", existing)));
        IRelation embedded = engine.Sql(
            SqlScript.Load(typeof(BackfillClosing), "stored_embeddings.sql").With("model_id", codebook.ModelId),
            ("embedded", run.Output("item_embeddings").RowsOr(OneRecTables.ItemEmbeddings(items.IdType))),
            ("wanted", staged));
        using CapacitySpread spread = CapacitySpread.Create(
            run, new EmbeddedItems(embedded, codebook.ModelId, items.IdType), staged, existing, codebook);
        facts = spread.Facts;
        return run.TryWrite(
            new NewIds(run, codebook, items.IdType).Rows(spread.Ids, existing),
            new TableWrite(table, new WriteMode.Append(), run.Note()) { ReadVersion = there.State?.Version, Once = backfill.Closing });
    }
}
