using System.Text.Json;

namespace OneRec.Engine.Local.DuckDb;

/// <summary>
/// Whether the last step of a query reads a UNION of branches that do more than scan. DuckDB 1.5 can hang when such a query is
/// streamed: each branch waits for room in the buffer of the result, and the result is not handed out before all branches
/// but one have ended (duckdb/duckdb#22215). A union of mere scans, such as that of a table's partitions, is streamed.
/// </summary>
internal static class StreamedUnion
{
    // These read all their input before they return a row, so what is below them never waits for the reader of the result.
    private static readonly string[] Breakers =
        ["ORDER_BY", "TOP_N", "HASH_GROUP_BY", "PERFECT_HASH_GROUP_BY", "PARTITIONED_AGGREGATE", "UNGROUPED_AGGREGATE", "WINDOW"];

    // They pass rows on, one branch each.
    private static readonly string[] PassingOn = ["PROJECTION", "FILTER", "UNION"];

    /// <summary>Reads a physical plan.</summary>
    /// <param name="plan">The output of <c>EXPLAIN (FORMAT JSON)</c>.</param>
    public static bool IsIn(string plan)
    {
        using JsonDocument document = JsonDocument.Parse(plan);
        return document.RootElement.EnumerateArray().Any(Reads);
    }

    private static bool Reads(JsonElement node) => Name(node) == "UNION"
        ? !Children(node).All(OnlyScans)
        : !Breakers.Contains(Name(node), StringComparer.Ordinal) && Children(node).Any(Reads);

    private static bool OnlyScans(JsonElement node) =>
        !Children(node).Any() || (PassingOn.Contains(Name(node), StringComparer.Ordinal) && Children(node).All(OnlyScans));

    private static string Name(JsonElement node) => node.GetProperty("name").GetString()!.Trim();

    private static IEnumerable<JsonElement> Children(JsonElement node) =>
        node.TryGetProperty("children", out JsonElement children) ? children.EnumerateArray() : [];
}
