using OneRec.Pipeline.Tables;

namespace OneRec.Pipeline.Queries;

/// <summary>
/// The view <c>current_ids</c>: rows of <c>semantic_ids</c> under the published codebook that are not deleted.
/// </summary>
public static class CurrentIds
{
    /// <summary>The name of the view.</summary>
    public const string Name = "current_ids";

    /// <summary>The rows of the view; none if nothing is published.</summary>
    public static IRelation Of(IEngine engine)
    {
        ArgumentNullException.ThrowIfNull(engine);
        return Of(engine, CodebookChoice.Published(engine)?.CodebookId ?? "");
    }

    /// <summary>The rows of one codebook that are not deleted.</summary>
    public static IRelation Of(IEngine engine, string codebookId)
    {
        ArgumentNullException.ThrowIfNull(engine);
        return Of(engine, engine.ReadTable("semantic_ids"), codebookId);
    }

    /// <summary>The rows of one codebook that are not deleted, from a given version of <c>semantic_ids</c>.</summary>
    public static IRelation Of(IQueryEngine engine, IRelation semanticIds, string codebookId)
    {
        ArgumentNullException.ThrowIfNull(engine);
        SqlScript script = SqlScript.Load(typeof(CurrentIds), "current_ids.sql").With("codebook_id", codebookId);
        return engine.Sql(script, ("semantic_ids", semanticIds));
    }
}
