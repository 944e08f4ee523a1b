using Apache.Arrow;
using OneRec.Core;
using OneRec.Inputs.Columns;
using OneRec.Pipeline.Tables;

namespace OneRec.Pipeline.Queries;

/// <summary>Runs the user's SELECT over the tables and the view <c>current_ids</c>, read-only.</summary>
public static class SqlQuery
{
    /// <summary>Runs a SELECT.</summary>
    /// <param name="engine">The engine.</param>
    /// <param name="tables">The tables that the query can use; tables that do not exist are skipped.</param>
    /// <param name="select">
    /// One SELECT (or WITH ... SELECT); a trailing semicolon is allowed. Tables may have versions (<see cref="VersionedTables"/>).
    /// </param>
    /// <exception cref="OneRecException">The engine does not accept it as a SELECT over these tables (exit 2), or it fails.</exception>
    public static QueryResult Run(IEngine engine, IReadOnlyList<string> tables, string select)
    {
        ArgumentNullException.ThrowIfNull(engine);
        ArgumentNullException.ThrowIfNull(tables);
        string sql = (select ?? "").Trim().TrimEnd(';');
        if (sql.Length == 0)
        {
            throw OneRecException.Configuration("sql.empty", "sql: give a SELECT, such as \"SELECT * FROM current_ids LIMIT 5\"");
        }

        string[] existing = [.. tables.Where(t => engine.Tables.State(t) is not null)];
        VersionedTables versioned = VersionedTables.Of(sql, [.. existing, CurrentIds.Name]);
        sql = versioned.Sql;
        List<(string Name, IRelation Relation)> inputs = [.. versioned.Tables.Select(t => (t.Name, Rows(engine, t)))];
        foreach (string table in existing)
        {
            inputs.Add((table, engine.ReadTable(table)));
            if (table == "semantic_ids")
            {
                inputs.Add((CurrentIds.Name, CurrentIds.Of(engine)));
            }
        }

        string Explain(OneRecException e) => $"sql: {UserSqlErrors.Describe(e)}; {Columns(inputs, sql)}";
        SqlScript script = new SqlScript("{{select}}").With("select", new SqlArgument.UserSelect(sql));
        IRelation rows = UserSqlErrors.Explained(() => engine.Sql(script, [.. inputs]), Explain);
        return new QueryResult(rows.Schema, Batches(engine, rows, Explain));
    }

    private static IRelation Rows(IEngine engine, VersionedTable table)
    {
        if (table.Table != CurrentIds.Name)
        {
            return At(engine, table.Table, table);
        }

        return table.Moment.Time is null
            ? throw OneRecException.Configuration("sql.version", $"sql: {table.Name}: current_ids is no table and has no versions; give a time, such as current_ids@'2026-11-30T02:00:00Z', or take semantic_ids@{table.Moment.Version}")
            : CurrentIds.Of(engine, At(engine, "semantic_ids", table), CodebookChoice.Published(engine, At(engine, "published", table))?.CodebookId ?? "");
    }

    private static IRelation At(IEngine engine, string table, VersionedTable wanted) =>
        engine.ReadTable(table, wanted.Moment.VersionOf(engine, table, $"sql: {wanted.Name}"));

    private static IEnumerable<RecordBatch> Batches(IEngine engine, IRelation rows, Func<OneRecException, string> explain)
    {
        using IEnumerator<RecordBatch> batches = UserSqlErrors.Explained(() => engine.Collect(rows).GetEnumerator(), explain);
        while (UserSqlErrors.Explained(batches.MoveNext, explain))
        {
            yield return batches.Current;
        }
    }

    /// <summary>The columns of the tables that a text mentions; where it mentions none, the tables.</summary>
    private static string Columns(IReadOnlyList<(string Name, IRelation Relation)> inputs, string sql)
    {
        string[] mentioned = [.. SqlIdentifiers.Columns(sql, inputs.Select(i => i.Name))];
        return mentioned.Length > 0
            ? string.Join("; ", inputs
                .Where(i => mentioned.Contains(i.Name))
                .Select(i => $"{i.Name} has the columns {string.Join(", ", i.Relation.Schema.FieldsList.Select(f => f.Name))}"))
            : inputs.Count == 0 ? "there are no tables yet: run 'onerec run' first"
            : $"the tables are {string.Join(", ", inputs.Select(i => i.Name))}";
    }
}

/// <summary>The rows of a query, streamed.</summary>
/// <param name="Schema">The columns.</param>
/// <param name="Batches">The batches; the caller disposes them.</param>
public sealed record QueryResult(Schema Schema, IEnumerable<RecordBatch> Batches);
