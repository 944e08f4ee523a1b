using System.Text.Json;
using OneRec.Core;

namespace OneRec.Engine.Local.DuckDb;

/// <summary>Accepts SQL that the user wrote only if DuckDB itself reads it as one query over the given tables.</summary>
/// <remarks>
/// DuckDB parses the text alone, before it is put into a script, and <c>json_serialize_sql</c> gives its tree: it refuses
/// every statement but SELECT. The tree may name the given tables, its own WITH names and table functions that read
/// nothing. A part of the tree that is not known here is refused.
/// </remarks>
internal static class UserSqlCheck
{
    /// <summary>Functions that read settings or catalogues, write, run SQL from a text, or keep a signal waiting.</summary>
    /// <remarks><c>getenv</c> exists only in DuckDB's own shell; it is here in case that changes.</remarks>
    internal static readonly IReadOnlySet<string> RefusedFunctions = new HashSet<string>(StringComparer.OrdinalIgnoreCase)
    {
        "col_description", "current_connection_id", "current_database", "current_query", "current_query_id", "current_schema",
        "current_schemas", "current_setting", "current_transaction_id", "currval", "getenv", "getvariable", "in_search_path",
        "inet_client_addr", "inet_client_port", "inet_server_addr", "inet_server_port", "json_deserialize_sql",
        "json_execute_serialized_sql", "json_serialize_plan", "nextval", "obj_description", "parse_duckdb_log_message",
        "pg_get_constraintdef", "pg_get_viewdef", "setseed", "shobj_description", "sleep_ms", "txid_current", "write_log",
    };

    // Table functions that make rows of their arguments.
    private static readonly HashSet<string> TableFunctions = new(StringComparer.OrdinalIgnoreCase)
    {
        "generate_series", "json_each", "json_tree", "range", "repeat", "repeat_row", "unnest",
    };

    // The parts of a query that are not expressions.
    private static readonly HashSet<string> KnownParts = new(StringComparer.Ordinal)
    {
        "SELECT_NODE", "SET_OPERATION_NODE", "RECURSIVE_CTE_NODE", "CTE_NODE", "ORDER_MODIFIER", "LIMIT_MODIFIER",
        "LIMIT_PERCENT_MODIFIER", "DISTINCT_MODIFIER", "ORDER_DEFAULT", "ASCENDING", "DESCENDING", "EMPTY", "BASE_TABLE",
        "SUBQUERY", "JOIN", "TABLE_FUNCTION", "EXPRESSION_LIST", "PIVOT", "SHOW_REF",
    };

    /// <summary>Checks everything in a script that the user wrote.</summary>
    /// <param name="session">Parses; runs nothing.</param>
    /// <param name="script">The script.</param>
    /// <param name="tables">The names that a SELECT may read. An expression reads none.</param>
    /// <returns>Whether the script has a SELECT of the user.</returns>
    /// <exception cref="OneRecException">Exit 2, <c>sql.invalid</c>: what is refused.</exception>
    public static bool Require(DuckDbSession session, SqlScript script, IReadOnlyList<string> tables)
    {
        bool select = false;
        foreach (SqlArgument argument in script.Arguments.Values)
        {
            switch (argument)
            {
                case SqlArgument.UserSelect user:
                    RequireSelect(session, user.Sql, tables);
                    select = true;
                    break;
                case SqlArgument.UserExpression user:
                    RequireExpression(session, user.Sql);
                    break;
            }
        }

        return select;
    }

    private static void RequireSelect(DuckDbSession session, string sql, IReadOnlyList<string> tables)
    {
        using JsonDocument tree = Parse(session, sql);
        var names = new HashSet<string>(tables, StringComparer.OrdinalIgnoreCase);
        Walk(Single(tree), names, tables);
    }

    private static void RequireExpression(DuckDbSession session, string sql)
    {
        using JsonDocument tree = Parse(session, $"SELECT\n{sql}\n");
        JsonElement node = Single(tree);
        bool one = UserSqlTree.Text(node, "type") == "SELECT_NODE"
            && node.GetProperty("select_list").GetArrayLength() == 1
            && UserSqlTree.Text(node.GetProperty("select_list")[0], "alias").Length == 0
            && UserSqlTree.Text(node.GetProperty("from_table"), "type") == "EMPTY"
            && node.GetProperty("modifiers").GetArrayLength() == 0
            && node.GetProperty("group_expressions").GetArrayLength() == 0
            && node.GetProperty("cte_map").GetProperty("map").GetArrayLength() == 0
            && new[] { "where_clause", "having", "qualify", "sample" }.All(p => node.GetProperty(p).ValueKind == JsonValueKind.Null);
        if (!one)
        {
            throw UserSqlTree.NotOneExpression();
        }

        Walk(node, [], []);
    }

    private static JsonDocument Parse(DuckDbSession session, string sql)
    {
        // DuckDB's parser stops at this character and would judge only what is before it.
        if (sql.Contains('\0', StringComparison.Ordinal))
        {
            throw UserSqlTree.Refused("it has the character U+0000");
        }

        string json = session.Scalar($"SELECT json_serialize_sql({new DuckDbDialect().Text(sql)})");
        JsonDocument tree = UserSqlTree.Parse(json);

        if (tree.RootElement.GetProperty("error").GetBoolean())
        {
            string message = UserSqlTree.Text(tree.RootElement, "error_message").ReplaceLineEndings(" ");
            bool other = UserSqlTree.Text(tree.RootElement, "error_type") != "parser";
            tree.Dispose();
            throw UserSqlTree.Refused(other ? "only one SELECT is run, and no other statement" : message);
        }

        return tree;
    }

    private static JsonElement Single(JsonDocument tree)
    {
        JsonElement statements = tree.RootElement.GetProperty("statements");
        return statements.GetArrayLength() == 1
            ? statements[0].GetProperty("node")
            : throw UserSqlTree.Refused($"only one SELECT is run; these are {statements.GetArrayLength()} statements");
    }

    /// <summary>Refuses what the tree may not have.</summary>
    /// <param name="part">A part of the tree.</param>
    /// <param name="names">The tables and WITH names that can be read at this place.</param>
    /// <param name="tables">The given tables, for the message.</param>
    private static void Walk(JsonElement part, HashSet<string> names, IReadOnlyList<string> tables)
    {
        if (part.ValueKind == JsonValueKind.Array)
        {
            foreach (JsonElement element in part.EnumerateArray())
            {
                Walk(element, names, tables);
            }

            return;
        }

        if (part.ValueKind != JsonValueKind.Object)
        {
            return;
        }

        string type = UserSqlTree.Text(part, "type");
        if (part.TryGetProperty("class", out _))
        {
            RequireHarmless(part, type);
        }
        else if (type.Length > 0 && !type.EndsWith("_TYPE_INFO", StringComparison.Ordinal))
        {
            RequireKnown(part, type, names, tables);
        }

        if (type == "RECURSIVE_CTE_NODE")
        {
            names = new HashSet<string>(names, StringComparer.OrdinalIgnoreCase) { UserSqlTree.Text(part, "cte_name") };
        }

        if (part.TryGetProperty("cte_map", out JsonElement with))
        {
            names = WithNames(with.GetProperty("map"), names, tables);
        }

        foreach (JsonProperty property in part.EnumerateObject().Where(p => p.Name != "cte_map"))
        {
            Walk(property.Value, names, tables);
        }
    }

    /// <summary>The names that a query can read: a WITH name can be read after it, and not in its own query.</summary>
    private static HashSet<string> WithNames(JsonElement with, HashSet<string> names, IReadOnlyList<string> tables)
    {
        var known = new HashSet<string>(names, StringComparer.OrdinalIgnoreCase);
        foreach (JsonElement entry in with.EnumerateArray())
        {
            Walk(entry.GetProperty("value"), known, tables);
            known.Add(UserSqlTree.Text(entry, "key"));
        }

        return known;
    }

    private static void RequireKnown(JsonElement part, string type, HashSet<string> names, IReadOnlyList<string> tables)
    {
        switch (type)
        {
            case "BASE_TABLE":
                string name = string.Join('.', new[] { "catalog_name", "schema_name", "table_name" }
                    .Select(p => UserSqlTree.Text(part, p)).Where(n => n.Length > 0));
                if (name != UserSqlTree.Text(part, "table_name") || !names.Contains(name))
                {
                    throw UserSqlTree.NoTable(name, tables);
                }

                break;
            case "TABLE_FUNCTION":
                string function = UserSqlTree.Text(part.GetProperty("function"), "function_name");
                if (!TableFunctions.Contains(function))
                {
                    throw UserSqlTree.NoFunction(function);
                }

                break;
            case "SHOW_REF" when part.GetProperty("query").ValueKind == JsonValueKind.Null:
                throw UserSqlTree.Refused("SHOW is not run; DESCRIBE and the name of a table shows its columns");
            default:
                if (!KnownParts.Contains(type))
                {
                    throw UserSqlTree.NoPart(type);
                }

                break;
        }
    }

    private static void RequireHarmless(JsonElement expression, string type)
    {
        if (UserSqlTree.Text(expression, "class") == "PARAMETER")
        {
            throw UserSqlTree.Refused("it has a parameter ('?' or '$'), which nothing gives a value");
        }

        if (type is "FUNCTION" or "WINDOW_AGGREGATE" && RefusedFunctions.Contains(UserSqlTree.Text(expression, "function_name")))
        {
            throw UserSqlTree.NoFunction(UserSqlTree.Text(expression, "function_name"));
        }
    }
}
