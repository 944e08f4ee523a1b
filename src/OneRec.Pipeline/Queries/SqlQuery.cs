using Apache.Arrow;
using OneRec.Core;

namespace OneRec.Pipeline.Queries;

/// <summary>The user's own SELECT over the tables and the view <c>current_ids</c>. It can read and nothing else.</summary>
public static class SqlQuery
{
    /// <summary>The tables that a SELECT may name where they exist.</summary>
    public static IReadOnlyList<string> TableNames { get; } =
    [
        "items", "item_similarity", "item_pairs", "item_embeddings", "codebooks", "semantic_ids", "quality", "quarantine",
        "published", "runs",
    ];

    /// <summary>Runs a SELECT.</summary>
    /// <param name="engine">The engine.</param>
    /// <param name="select">One SELECT (or WITH ... SELECT); a closing semicolon is allowed.</param>
    /// <exception cref="OneRecException">It is no SELECT that the engine accepts (exit 2), or it fails.</exception>
    public static QueryResult Run(IEngine engine, string select)
    {
        ArgumentNullException.ThrowIfNull(engine);
        string sql = (select ?? "").Trim().TrimEnd(';');
        if (sql.Length == 0)
        {
            throw OneRecException.Configuration("sql.empty", "sql: give a SELECT, such as \"SELECT * FROM current_ids LIMIT 5\"");
        }

        var inputs = new List<(string, IRelation)>();
        foreach (string table in TableNames.Where(t => engine.Tables.State(t) is not null))
        {
            inputs.Add((table, engine.ReadTable(table)));
            if (table == "semantic_ids")
            {
                inputs.Add(("current_ids", CurrentIds.Of(engine)));
            }
        }

        SqlScript script = new SqlScript("{{select}}").With("select", new SqlArgument.Expression(sql));
        IRelation rows = engine.Sql(script, [.. inputs]);
        return new QueryResult(rows.Schema, engine.Collect(rows));
    }
}

/// <summary>Rows for a person or a program, streamed.</summary>
/// <param name="Schema">Columns.</param>
/// <param name="Batches">Batches that the caller disposes.</param>
public sealed record QueryResult(Schema Schema, IEnumerable<RecordBatch> Batches);
