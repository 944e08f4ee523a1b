using Apache.Arrow;
using Apache.Arrow.Types;
using OneRec.Pipeline.Running;
using OneRec.Pipeline.Steps.Quantization;
using OneRec.Pipeline.Tables;

namespace OneRec.Pipeline.Steps.Assign;

/// <summary>Published IDs that end: of items that were taken down, and of changed ones where that is asked for.</summary>
internal sealed class StaleIds : IDisposable
{
    private readonly IKeptRelation _stale;

    private StaleIds(IKeptRelation stale, IRelation ended)
    {
        _stale = stale;
        Ended = ended;
    }

    /// <summary>How many end.</summary>
    public long Count => _stale.Rows;

    /// <summary>All rows of <c>semantic_ids</c>, those ended that are to end.</summary>
    public IRelation Ended { get; }

    /// <summary>Finds them.</summary>
    /// <param name="context">The run.</param>
    /// <param name="items">Embeddings of what the items hold now.</param>
    /// <param name="there">Rows of <c>semantic_ids</c>.</param>
    /// <param name="codebook">The published codebook.</param>
    /// <param name="encode">Gives embeddings their hashes.</param>
    public static StaleIds Of(
        StepContext context, EmbeddedItems items, IRelation there, Codebook codebook, Func<IRelation, IKeptRelation> encode)
    {
        IEngine engine = context.Engine;
        using IKeptRelation? encoded = context.Options.Section<AssignOptions>().Changed == WhenChanged.Reassign ? encode(items.Relation) : null;
        IRelation hashes = encoded ?? engine.FromRows(
            new Schema([new Field("item_id", items.IdType, false), new Field("embedding_hash", StringType.Default, false)], null), []);
        IKeptRelation stale = engine.Keep(engine.Sql(
            SqlScript.Load(typeof(StaleIds), "stale_ids.sql").With("codebook_id", codebook.CodebookId),
            ("semantic_ids", there),
            ("items", engine.ReadTable("items")),
            ("hashes", hashes)));
        IRelation ended = stale.Rows == 0
            ? there
            : engine.Sql(
                SqlScript.Load(typeof(StaleIds), "ended_ids.sql").With("codebook_id", codebook.CodebookId).With("now", context.Clock.GetUtcNow()),
                ("semantic_ids", there),
                ("stale", stale));
        return new StaleIds(stale, ended);
    }

    /// <inheritdoc/>
    public void Dispose() => _stale.Dispose();
}
