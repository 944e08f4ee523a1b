using Apache.Arrow;
using OneRec.Core;

namespace OneRec.Pipeline.Queries;

/// <summary>Runs the user's SELECT over the tables and the view <c>current_ids</c>, read-only.</summary>
public static class SqlQuery
{
    /// <summary>Runs a SELECT.</summary>
    /// <param name="engine">The engine.</param>
    /// <param name="tables">The tables that the query can use; tables that do not exist are skipped.</param>
    /// <param name="select">One SELECT (or WITH ... SELECT); a trailing semicolon is allowed.</param>
    /// <exception cref="OneRecException">The engine does not accept it as a SELECT (exit 2), or it fails.</exception>
    public static QueryResult Run(IEngine engine, IReadOnlyList<string> tables, string select)
    {
        ArgumentNullException.ThrowIfNull(engine);
        ArgumentNullException.ThrowIfNull(tables);
        string sql = (select ?? "").Trim().TrimEnd(';');
        if (sql.Length == 0)
        {
            throw OneRecException.Configuration("sql.empty", "sql: give a SELECT, such as \"SELECT * FROM current_ids LIMIT 5\"");
        }

        var inputs = new List<(string, IRelation)>();
        foreach (string table in tables.Where(t => engine.Tables.State(t) is not null))
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

/// <summary>The rows of a query, streamed.</summary>
/// <param name="Schema">The columns.</param>
/// <param name="Batches">The batches; the caller disposes them.</param>
public sealed record QueryResult(Schema Schema, IEnumerable<RecordBatch> Batches);
