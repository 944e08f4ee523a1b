using System.Globalization;
using System.Text.Json.Nodes;
using OneRec.Pipeline.Queries.Describe;

namespace OneRec.Pipeline.Queries.Diff;

/// <summary>How many items changed in which way.</summary>
/// <param name="Kept">Items with the same ID, slot included.</param>
/// <param name="Slot">Items with the same codes and another slot.</param>
/// <param name="Moved">Items with other codes.</param>
/// <param name="MovedEmbeddings">Those of them whose IDs were computed from different embeddings.</param>
/// <param name="Fresh">Items with an ID only after.</param>
/// <param name="Gone">Items with an ID only before.</param>
/// <param name="Deleted">Those of them that the catalogue has as deleted.</param>
internal sealed record DiffCounts(long Kept, long Slot, long Moved, long MovedEmbeddings, long Fresh, long Gone, long Deleted)
{
    /// <summary>All items.</summary>
    public long Total => Both + Fresh + Gone;

    /// <summary>One line.</summary>
    /// <param name="which">Which items they are, such as <c> with prefix 12</c>; empty for all.</param>
    public string Headline(string which) => Moved + Slot + Fresh + Gone == 0
        ? $"nothing changed for the {LineageFact.Number(Kept)} items{which}"
        : $"{LineageFact.Number(Moved)} of {LineageFact.Number(Both)} items{which} moved, {LineageFact.Number(Fresh)} new, {LineageFact.Number(Gone)} gone";

    private long Both => Kept + Slot + Moved;

    /// <summary>Reads the rows of <c>diff_counts.sql</c>.</summary>
    public static DiffCounts Of(IReadOnlyList<object?[]> rows)
    {
        Dictionary<string, (long Items, long Embeddings, long Deleted)> found = rows.ToDictionary(r => (string)r[0]!, r => ((long)r[1]!, (long)r[2]!, (long)r[3]!));
        (long Items, long Embeddings, long Deleted) Get(string change) => found.GetValueOrDefault(change);
        return new DiffCounts(
            Get("kept").Items, Get("slot").Items, Get("moved").Items, Get("moved").Embeddings, Get("new").Items, Get("gone").Items, Get("gone").Deleted);
    }

    /// <summary>A part of a whole, such as <c>12 (0.5 %)</c>.</summary>
    public static string Share(long part, long whole) => whole == 0 ? LineageFact.Number(part) : $"{LineageFact.Number(part)} ({Percent((double)part / whole)})";

    /// <summary>A share in percent.</summary>
    public static string Percent(double share) => $"{(100 * share).ToString("0.###", CultureInfo.InvariantCulture)} %";

    /// <summary>The counts for people and programs.</summary>
    public IEnumerable<LineageFact> Facts()
    {
        yield return new LineageFact("both", Both, [$"{LineageFact.Number(Both)} with an ID before and after"]);
        yield return new LineageFact("kept", Kept, [Share(Kept, Both)]);
        yield return new LineageFact(
            "moved",
            new JsonObject { ["items"] = Moved, ["share"] = Both == 0 ? null : (double)Moved / Both, ["other_embedding"] = MovedEmbeddings },
            [$"{Share(Moved, Both)}{(Moved == 0 ? "" : $"; {LineageFact.Number(MovedEmbeddings)} of them with another embedding")}"]);
        yield return new LineageFact("slot", Slot, [$"{Share(Slot, Both)} with the same codes and another slot"]);
        yield return LineageFact.Of("new", Fresh);
        yield return new LineageFact(
            "gone",
            new JsonObject { ["items"] = Gone, ["deleted"] = Deleted },
            [Gone == 0 ? "0" : $"{LineageFact.Number(Gone)}; {LineageFact.Number(Deleted)} of them deleted in the catalogue"]);
    }
}
