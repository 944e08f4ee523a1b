using System.Globalization;
using Apache.Arrow.Types;
using OneRec.Core;
using OneRec.Pipeline.Tables;

namespace OneRec.Pipeline.Queries;

/// <summary>Looks up the semantic IDs of items, and the items of a semantic ID or a prefix.</summary>
public static class LookupQuery
{
    /// <summary>Looks up the IDs of items, in the given order; nulls for items without an ID.</summary>
    /// <param name="engine">The engine.</param>
    /// <param name="codebook">Option <c>codebook</c>.</param>
    /// <param name="items">Item ids as text.</param>
    /// <exception cref="OneRecException">
    /// An id does not match the type in the tables (exit 2), or there are no IDs yet.
    /// </exception>
    public static QueryResult Items(IEngine engine, string codebook, IReadOnlyList<string> items)
    {
        ArgumentNullException.ThrowIfNull(engine);
        ArgumentNullException.ThrowIfNull(items);
        IArrowType id = RequireIds(engine).Schema.GetFieldByName("item_id").DataType;
        IRelation asked = AskedItems.Relation(engine, AskedItems.Parse(items, id, "lookup.item"), id);
        return Run(engine, SqlScript.Load(typeof(LookupQuery), "lookup_items.sql"), codebook, ("asked", asked));
    }

    /// <summary>Looks up the items of a semantic ID or a prefix, ordered by codes and slot.</summary>
    /// <param name="engine">The engine.</param>
    /// <param name="codebook">Option <c>codebook</c>.</param>
    /// <param name="sid">The ID or prefix, such as <c>12-7-99</c>, <c>12-7</c> or <c>12</c>.</param>
    /// <param name="limit">Maximum number of rows, at least 1.</param>
    /// <exception cref="OneRecException">The text is not a semantic ID (exit 2), or there are no IDs yet.</exception>
    public static QueryResult Prefix(IEngine engine, string codebook, string sid, int limit)
    {
        ArgumentNullException.ThrowIfNull(engine);
        ArgumentNullException.ThrowIfNull(sid);
        if (sid.Length == 0 || !sid.Split('-').All(c => ushort.TryParse(c, NumberStyles.None, CultureInfo.InvariantCulture, out _)))
        {
            throw OneRecException.Configuration("lookup.sid", $"'{sid}' is not a semantic ID; write codes joined by '-', such as 12-7-99");
        }

        SqlScript script = SqlScript.Load(typeof(LookupQuery), "lookup_prefix.sql").With("sid", sid).With("prefix", sid + "-%").With("limit", limit);
        return Run(engine, script, codebook);
    }

    private static QueryResult Run(IEngine engine, SqlScript script, string codebook, params (string, IRelation)[] more)
    {
        string id = CodebookChoice.Resolve(engine, codebook).CodebookId;
        RequireIds(engine);
        IRelation rows = engine.Sql(
            script,
            [("ids", CurrentIds.Of(engine, id)), ("items", engine.ReadTable("items")), .. more]);
        return new QueryResult(rows.Schema, engine.Collect(rows));
    }

    private static TableState RequireIds(IEngine engine) => engine.Tables.State("semantic_ids")
        ?? throw OneRecException.Table("lookup.no-ids", "semantic_ids: there are no IDs yet; run 'onerec run' first");
}
