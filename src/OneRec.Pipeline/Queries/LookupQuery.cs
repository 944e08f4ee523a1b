using System.Globalization;
using Apache.Arrow.Types;
using OneRec.Core;
using OneRec.Pipeline.Tables;

namespace OneRec.Pipeline.Queries;

/// <summary>From items to their semantic IDs, and from a semantic ID or a prefix of one to items.</summary>
public static class LookupQuery
{
    /// <summary>The IDs of items, in the order asked; an item without an ID has nulls.</summary>
    /// <param name="engine">The engine.</param>
    /// <param name="codebook">Option <c>codebook</c>.</param>
    /// <param name="items">Item ids as text.</param>
    /// <exception cref="OneRecException">An id does not fit the tables' type (exit 2), or there are no IDs yet.</exception>
    public static QueryResult Items(IEngine engine, string codebook, IReadOnlyList<string> items)
    {
        ArgumentNullException.ThrowIfNull(engine);
        ArgumentNullException.ThrowIfNull(items);
        bool numbers = IdType(engine) is Int64Type;
        IEnumerable<string> rows = items.Select((item, place) =>
            $"SELECT {place} AS place, {(numbers ? Number(item) : "{{item" + place + "}}")} AS item_id");
        SqlScript asked = new(string.Join(" UNION ALL ", rows));
        for (int i = 0; i < items.Count && !numbers; i++)
        {
            asked = asked.With("item" + i, items[i]);
        }

        return Run(engine, SqlScript.Load(typeof(LookupQuery), "lookup_items.sql"), codebook, ("asked", engine.Sql(asked)));
    }

    /// <summary>The items under a semantic ID or a prefix of one, by codes, slot.</summary>
    /// <param name="engine">The engine.</param>
    /// <param name="codebook">Option <c>codebook</c>.</param>
    /// <param name="sid">Such as <c>12-7-99</c>, or <c>12-7</c> or <c>12</c>.</param>
    /// <param name="limit">At most so many rows, at least 1.</param>
    /// <exception cref="OneRecException">It is no semantic ID (exit 2), or there are no IDs yet.</exception>
    public static QueryResult Prefix(IEngine engine, string codebook, string sid, int limit)
    {
        ArgumentNullException.ThrowIfNull(engine);
        ArgumentNullException.ThrowIfNull(sid);
        if (sid.Length == 0 || !sid.Split('-').All(c => ushort.TryParse(c, NumberStyles.None, CultureInfo.InvariantCulture, out _)))
        {
            throw OneRecException.Configuration("lookup.sid", $"'{sid}' is no semantic ID; write codes joined by '-', such as 12-7-99");
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

    private static IArrowType IdType(IEngine engine) => RequireIds(engine).Schema.GetFieldByName("item_id").DataType;

    private static TableState RequireIds(IEngine engine) => engine.Tables.State("semantic_ids")
        ?? throw OneRecException.Table("lookup.no-ids", "semantic_ids: no IDs are there yet; run 'onerec run' first");

    private static string Number(string item) =>
        long.TryParse(item, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long number)
            ? $"CAST({number.ToString(CultureInfo.InvariantCulture)} AS BIGINT)"
            : throw OneRecException.Configuration("lookup.item", $"'{item}' is no item id here: the tables' ids are whole numbers");
}
