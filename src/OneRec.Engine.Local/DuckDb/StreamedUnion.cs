using System.Text.Json;

namespace OneRec.Engine.Local.DuckDb;

/// <summary>
/// Whether the last step of a query reads a UNION. DuckDB 1.5 can hang when such a query is streamed: each branch waits for
/// room in the buffer of the result, and the result is not handed out before all branches but one have ended
/// (duckdb/duckdb#22215).
/// </summary>
internal static class StreamedUnion
{
    // These read all their input before they return a row, so what is below them never waits for the reader of the result.
    private static readonly string[] Breakers =
        ["ORDER_BY", "TOP_N", "HASH_GROUP_BY", "PERFECT_HASH_GROUP_BY", "PARTITIONED_AGGREGATE", "UNGROUPED_AGGREGATE", "WINDOW"];

    /// <summary>Reads a physical plan.</summary>
    /// <param name="plan">The output of <c>EXPLAIN (FORMAT JSON)</c>.</param>
    public static bool IsIn(string plan)
    {
        using JsonDocument document = JsonDocument.Parse(plan);
        return document.RootElement.EnumerateArray().Any(Reads);
    }

    private static bool Reads(JsonElement node)
    {
        string name = node.GetProperty("name").GetString()!.Trim();
        return name == "UNION" || (!Breakers.Contains(name, StringComparer.Ordinal)
            && node.TryGetProperty("children", out JsonElement children)
            && children.EnumerateArray().Any(Reads));
    }
}
