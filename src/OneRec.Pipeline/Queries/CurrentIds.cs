using OneRec.Pipeline.Tables;

namespace OneRec.Pipeline.Queries;

/// <summary>The view <c>current_ids</c>: rows of <c>semantic_ids</c> under the published codebook that are not deleted.</summary>
public static class CurrentIds
{
    /// <summary>The view's rows; none where nothing is published.</summary>
    public static IRelation Of(IEngine engine)
    {
        ArgumentNullException.ThrowIfNull(engine);
        return Of(engine, CodebookChoice.Published(engine)?.CodebookId ?? "");
    }

    /// <summary>Rows under one codebook that are not deleted.</summary>
    public static IRelation Of(IEngine engine, string codebookId)
    {
        ArgumentNullException.ThrowIfNull(engine);
        SqlScript script = SqlScript.Load(typeof(CurrentIds), "current_ids.sql").With("codebook_id", codebookId);
        return engine.Sql(script, ("semantic_ids", engine.ReadTable("semantic_ids")));
    }
}
