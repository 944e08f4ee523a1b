using Apache.Arrow;
using Apache.Arrow.Types;
using OneRec.Pipeline.Running;
using OneRec.Pipeline.Steps.Quantization;
using OneRec.Pipeline.Tables;

namespace OneRec.Pipeline.Steps.Assign;

/// <summary>Published IDs to mark as deleted: those of deleted items and, if requested, of changed items.</summary>
internal sealed class StaleIds : IDisposable
{
    private readonly IMaterializedRelation _stale;

    private StaleIds(IMaterializedRelation stale, IRelation revised)
    {
        _stale = stale;
        Revised = revised;
    }

    /// <summary>Number of stale IDs.</summary>
    public long Count => _stale.Rows;

    /// <summary>Their items: <c>item_id</c>, an item perhaps twice.</summary>
    public IRelation Items => _stale;

    /// <summary>All rows of <c>semantic_ids</c>, with the stale ones marked as deleted.</summary>
    public IRelation Revised { get; }

    /// <summary>Finds the stale IDs.</summary>
    /// <param name="run">The run.</param>
    /// <param name="items">Embeddings of the items' current content.</param>
    /// <param name="existing">Rows of <c>semantic_ids</c>.</param>
    /// <param name="codebook">The published codebook.</param>
    /// <param name="encode">Computes the hashes of embeddings.</param>
    public static StaleIds Find(
        StepRun run, EmbeddedItems items, IRelation existing, Codebook codebook, Func<IRelation, IMaterializedRelation> encode)
    {
        IQueryEngine engine = run.Engine;
        using IMaterializedRelation? encoded = run.Options.Section<AssignOptions>().Changed == WhenChanged.Reassign ? encode(items.Relation) : null;
        IRelation hashes = encoded ?? engine.FromRows(
            new Schema([new Field("item_id", items.IdType, false), new Field("embedding_hash", StringType.Default, false)], null), []);
        IMaterializedRelation stale = engine.Materialize(engine.Sql(
            SqlScript.Load(typeof(StaleIds), "stale_ids.sql").With("codebook_id", codebook.CodebookId),
            ("semantic_ids", existing),
            ("items", run.Input("items").Rows),
            ("hashes", hashes)));
        IRelation revised = stale.Rows == 0
            ? existing
            : engine.Sql(
                SqlScript.Load(typeof(StaleIds), "ended_ids.sql").With("codebook_id", codebook.CodebookId).With("now", run.Clock.GetUtcNow()),
                ("semantic_ids", existing),
                ("stale", stale));
        return new StaleIds(stale, revised);
    }

    /// <inheritdoc/>
    public void Dispose() => _stale.Dispose();
}
