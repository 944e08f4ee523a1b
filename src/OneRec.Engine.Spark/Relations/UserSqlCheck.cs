using System.Text.Json;
using OneRec.Core;
using OneRec.Engine.Spark.Jvm;
using OneRec.Engine.Spark.Session;

namespace OneRec.Engine.Spark.Relations;

/// <summary>Accepts SQL that the user wrote only if Spark itself parses it as one query over the given tables.</summary>
/// <remarks>
/// The session's own parser reads the text alone, before it is put into a script, and <c>TreeNode.toJSON</c> gives its
/// plan, unresolved. Only the parts listed here are accepted: no command, no script (<c>TRANSFORM</c>), no file
/// (<c>csv.`/path`</c>), no method of Java. Named windows are not accepted, because the JSON leaves out what they hold.
/// </remarks>
internal static class UserSqlCheck
{
    private const string Plans = "org.apache.spark.sql.catalyst.plans.logical.";
    private const string Analysis = "org.apache.spark.sql.catalyst.analysis.";
    private const string Expressions = "org.apache.spark.sql.catalyst.expressions.";
    private static readonly HashSet<string> KnownPlans = new(StringComparer.Ordinal)
    {
        "Aggregate", "Distinct", "Except", "Filter", "Generate", "GlobalLimit", "Intersect", "Join", "LateralJoin", "LocalLimit",
        "Offset", "OneRowRelation", "Pivot", "Project", "Sample", "Sort", "SubqueryAlias", "Union", "UnresolvedWith", "Unpivot",
    };

    private static readonly HashSet<string> KnownUnresolved = new(StringComparer.Ordinal)
    {
        "MultiAlias", "ResolvedStar", "UnresolvedAlias", "UnresolvedAttribute", "UnresolvedExtractValue", "UnresolvedFunction",
        "UnresolvedGenerator", "UnresolvedHaving", "UnresolvedInlineTable", "UnresolvedOrdinal", "UnresolvedRegex",
        "UnresolvedRelation", "UnresolvedStar", "UnresolvedStarExcept", "UnresolvedSubqueryColumnAliases",
        "UnresolvedTableValuedFunction", "UnresolvedTVFAliases",
    };

    private static readonly HashSet<string> RefusedFunctions = new(StringComparer.OrdinalIgnoreCase)
    {
        "java_method", "reflect", "try_reflect",
    };

    private static readonly HashSet<string> TableFunctions = new(StringComparer.OrdinalIgnoreCase)
    {
        "explode", "explode_outer", "inline", "inline_outer", "posexplode", "posexplode_outer", "range", "stack",
    };

    /// <summary>Checks everything in a script that the user wrote.</summary>
    /// <param name="session">Parses; runs nothing.</param>
    /// <param name="script">The script.</param>
    /// <param name="tables">The names that a SELECT may read. An expression reads none.</param>
    /// <exception cref="OneRecException">Exit 2, <c>sql.invalid</c>: what is refused.</exception>
    /// <exception cref="JvmException">Spark does not parse it.</exception>
    public static void Require(SparkSession session, SqlScript script, IReadOnlyList<string> tables)
    {
        foreach (SqlArgument argument in script.Arguments.Values)
        {
            switch (argument)
            {
                case SqlArgument.UserSelect user:
                    Check(Tree(session, "parsePlan", user.Sql), tables);
                    break;
                case SqlArgument.UserExpression user:
                    Check(Tree(session, "parseExpression", user.Sql), []);
                    break;
            }
        }
    }

    /// <summary>Refuses what a tree may not have.</summary>
    /// <param name="json">A plan or an expression as <c>TreeNode.toJSON</c> writes it.</param>
    /// <param name="tables">The names that it may read.</param>
    internal static void Check(string json, IReadOnlyList<string> tables)
    {
        using JsonDocument tree = UserSqlTree.Parse(json);
        if (UserSqlTree.Text(tree.RootElement[0], "class") is Expressions + "Alias" or Analysis + "MultiAlias")
        {
            throw UserSqlTree.NotOneExpression();
        }

        Walk(tree.RootElement, [.. tables], tables);
    }

    private static string Tree(SparkSession session, string method, string sql)
    {
        using JvmObject state = session.Session.Get("sessionState");
        using JvmObject parser = state.Get("sqlParser");
        using JvmObject tree = parser.Get(method, sql);
        return (string)tree.Call("toJSON")!;
    }

    private static void Walk(JsonElement part, IReadOnlyList<string> names, IReadOnlyList<string> tables)
    {
        if (part.ValueKind == JsonValueKind.Array)
        {
            // A tree is a flat list with its root first: what a WITH names can be read in all of it.
            if (part.GetArrayLength() > 0 && UserSqlTree.Text(part[0], "class") == Plans + "UnresolvedWith")
            {
                names = WithNames(part[0].GetProperty("cteRelations"), names, tables);
            }

            foreach (JsonElement element in part.EnumerateArray())
            {
                Walk(element, names, tables);
            }
        }
        else if (part.ValueKind == JsonValueKind.Object)
        {
            RequireKnown(part, UserSqlTree.Text(part, "class"), names, tables);
            foreach (JsonProperty property in part.EnumerateObject().Where(p => p.Name != "cteRelations"))
            {
                Walk(property.Value, names, tables);
            }
        }
    }

    /// <summary>The names that a query can read: a WITH name can be read after it, and not in its own query.</summary>
    private static List<string> WithNames(JsonElement relations, IReadOnlyList<string> names, IReadOnlyList<string> tables)
    {
        List<string> known = [.. names];
        foreach (JsonElement relation in relations.EnumerateArray())
        {
            Walk(relation.GetProperty("_2"), known, tables);
            known.Add(UserSqlTree.Text(relation, "_1"));
        }

        return known;
    }

    private static void RequireKnown(JsonElement part, string type, IReadOnlyList<string> names, IReadOnlyList<string> tables)
    {
        if (type.StartsWith(Plans, StringComparison.Ordinal))
        {
            string plan = type[Plans.Length..];
            if (!KnownPlans.Contains(plan))
            {
                throw UserSqlTree.Refused($"only one SELECT is run, and no other statement ({plan})");
            }
        }
        else if (type.StartsWith(Analysis, StringComparison.Ordinal))
        {
            RequireUnresolved(part, type[Analysis.Length..], names, tables);
        }
        else if (type.Length > 0 && !type.StartsWith(Expressions, StringComparison.Ordinal))
        {
            throw UserSqlTree.Refused($"only one SELECT is run, and no other statement ({type[(type.LastIndexOf('.') + 1)..]})");
        }
    }

    private static void RequireUnresolved(JsonElement part, string type, IReadOnlyList<string> names, IReadOnlyList<string> tables)
    {
        switch (type)
        {
            case "UnresolvedRelation":
                string table = Name(part, "multipartIdentifier");
                if (!names.Contains(table, StringComparer.OrdinalIgnoreCase))
                {
                    throw UserSqlTree.NoTable(table, tables);
                }

                break;
            case "UnresolvedFunction" when RefusedFunctions.Contains(Name(part, "nameParts")) || Name(part, "nameParts").Contains(','):
                throw UserSqlTree.NoFunction(Name(part, "nameParts"));
            case "UnresolvedTableValuedFunction" when !TableFunctions.Contains(Name(part, "name")):
                throw UserSqlTree.NoFunction(Name(part, "name"));
            default:
                if (!KnownUnresolved.Contains(type))
                {
                    throw UserSqlTree.NoPart(type);
                }

                break;
        }
    }

    // A list of names: "[items]", or "[csv, /path]".
    private static string Name(JsonElement part, string property) => UserSqlTree.Text(part, property).TrimStart('[').TrimEnd(']');
}
