using OneRec.Core;

namespace OneRec.Pipeline.Tables;

/// <summary>
/// Resolves option <c>codebook</c>: <c>current</c> (the published codebook, or the newest if none is published),
/// <c>newest</c>, or an id.
/// </summary>
public static class CodebookChoice
{
    /// <summary>Name of the table of codebooks.</summary>
    public const string Table = "codebooks";

    /// <summary>Resolves a choice to a codebook.</summary>
    /// <param name="engine">The engine.</param>
    /// <param name="choice"><c>current</c>, <c>newest</c> or an id.</param>
    /// <exception cref="OneRecException">There is no codebook, or none with that id (exit 2 or 4).</exception>
    public static Codebook Resolve(IEngine engine, string choice)
    {
        ArgumentNullException.ThrowIfNull(engine);
        Codebook? published = Published(engine);
        string id = choice switch
        {
            "current" when published is not null => published.CodebookId,
            "current" or "newest" => Newest(engine) ?? throw OneRecException.Table(
                "codebook.none",
                "codebooks: there is no codebook yet; run 'onerec train' first"),
            _ => choice,
        };
        if (published?.CodebookId == id)
        {
            return published;
        }

        string model = ModelOf(engine, id) ?? throw OneRecException.Configuration(
            "codebook.unknown",
            $"codebook {id} is not in table codebooks; set codebook to current, newest or an id from that table");
        return new Codebook(id, model, Published: false);
    }

    /// <summary>The published codebook, that of the highest generation; null if nothing is published.</summary>
    public static Codebook? Published(IEngine engine)
    {
        ArgumentNullException.ThrowIfNull(engine);
        return engine.Tables.State("published") is null ? null : Published(engine, engine.ReadTable("published"));
    }

    /// <summary>The codebook of the highest generation; null if there is none.</summary>
    /// <param name="engine">The engine.</param>
    /// <param name="published">Rows of table <c>published</c>.</param>
    public static Codebook? Published(IQueryEngine engine, IRelation published)
    {
        ArgumentNullException.ThrowIfNull(engine);
        List<object?[]> rows = RowReader.Read(engine.Collect(engine.Sql(
            SqlScript.Load(typeof(CodebookChoice), "published_codebook.sql"), ("published", published))));
        return rows.Count == 0 ? null : new Codebook((string)rows[0][0]!, (string)rows[0][1]!, Published: true);
    }

    private static string? Newest(IEngine engine) => engine.Tables.NewestCommit(Table, "train")?.Note.Result;

    private static string? ModelOf(IEngine engine, string codebookId)
    {
        if (engine.Tables.State("codebooks") is null)
        {
            return null;
        }

        SqlScript script = new SqlScript("SELECT model_id FROM codebooks WHERE codebook_id = {{id}} LIMIT 1").With("id", codebookId);
        List<object?[]> rows = RowReader.Read(engine.Collect(engine.Sql(script, ("codebooks", engine.ReadTable("codebooks")))));
        return rows.Count == 0 ? null : (string)rows[0][0]!;
    }
}

/// <summary>A reference to a codebook.</summary>
/// <param name="CodebookId">The id: 16 hex digits, a hash of the content.</param>
/// <param name="ModelId">The model whose embeddings it quantizes.</param>
/// <param name="Published">Whether it is the published codebook.</param>
public sealed record Codebook(string CodebookId, string ModelId, bool Published);
