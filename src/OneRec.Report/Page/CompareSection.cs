using System.Xml.Linq;
using OneRec.Pipeline.Compare;
using OneRec.Report.Markup;

namespace OneRec.Report.Page;

/// <summary>Compared sets side by side: a column a set, a row a measure, and a bar where a measure is a share.</summary>
internal static class CompareSection
{
    private static readonly IReadOnlyDictionary<string, string> Meanings = new Dictionary<string, string>
    {
        ["items with an ID"] = "Items of the catalogue that the set has an ID for; all other measures are of these.",
        ["levels"] = "Codes of an ID.",
        ["unique IDs / items"] = "1 if no two items share an ID.",
        ["items alone with their ID"] = "Share of items whose ID no other item has.",
        ["ICR (IDs of one item / IDs)"] = "Independent coding rate.",
        ["most items of one ID"] = "The largest collision.",
        ["codes"] = "Codes that the level has: those of the codebook, or the highest in use.",
        ["codes used"] = "Share of the level’s codes that an item has.",
        ["prefixes used"] = "Different prefixes, over as many as there can be.",
        ["entropy of codes, bits"] = "8 bits are 256 codes that are used alike.",
        ["Gini of occupied codes"] = "0 if the codes in use have equally many items, near 1 if few have nearly all.",
        ["relative error of embeddings"] = "What the codes up to the level leave of the embeddings’ variance.",
        ["chance: two items, same prefix"] = "For two items drawn at random. A coarse prefix agrees often by chance alone.",
        ["co-occurring items (D3), same prefix"] = "Of an item and the 20 items that most of its users also have. Compare it with chance.",
        ["held-out partners, same prefix"] = "Of an item and its neighbours by users that training has not seen.",
        ["the same, partners shuffled"] = "Chance, for items as popular as these.",
        ["the same, without popular items"] = "Without the 300 most clicked items.",
        ["h@10"] = "Share of an item’s held-out partners among its 10 nearest items.",
        ["h@100"] = "The same among 100.",
        ["f@10"] = "h@10 after the neighbours that training knows are taken out of the ranking.",
        ["f@100"] = "The same among 100.",
        ["tail@100"] = "f@100 without the 300 most clicked items.",
        ["cold h@100"] = "h@100 of items that training has not seen.",
    };

    /// <summary>Measures of sets of IDs; null if there are none.</summary>
    public static XElement? Ids(CompareTable table) => table.Sets.Count == 0
        ? null
        : Html.Tag(
            "section",
            Html.Attribute("id", "ids"),
            Html.Tag("h2", "IDs"),
            Html.Tag(
                "p.why",
                "Good IDs are even and nearly unique, and items that the same users choose share a prefix far more often than chance. "
                + "Read agreement beside its chance: a set that gives every item the same first code agrees always."),
            Table("Measures of IDs", table));

    /// <summary>Measures of embeddings; null if there are none.</summary>
    public static XElement? Embeddings(CompareTable table) => table.Sets.Count == 0
        ? null
        : Html.Tag(
            "section",
            Html.Attribute("id", "embeddings"),
            Html.Tag("h2", "Embeddings"),
            Html.Tag(
                "p.why",
                "Held-out partners of an item are its neighbours by users that training has not seen. An embedding is good if it "
                + "finds them among the nearest items, and finds more than the most clicked items do, also in the tail and for items "
                + "that training has not seen."),
            Table("Measures of embeddings", table));

    /// <summary>What a measure means; null if it is not known here.</summary>
    internal static string? MeaningOf(string measure) => Meanings.GetValueOrDefault(measure);

    private static XElement Table(string caption, CompareTable table) => Html.Tag(
        "div.scroll",
        Html.Attribute("tabindex", "0"),
        Html.Attribute("role", "region"),
        Html.Attribute("aria-label", caption),
        Html.Tag(
            "table.compare",
            Html.Tag("caption", caption),
            Html.Tag(
                "thead",
                Html.Tag("tr", Html.Column("th", "Measure"), Html.Column("th.n", "Level"), table.Sets.Select(s => Html.Column("th.n", Html.Foreign(s))))),
            table.Rows.GroupBy(r => r.Measure).Select(g => Html.Tag("tbody", g.Select((row, i) => Row(row, i == 0 ? g.Count() : 0, Highest(g)))))));

    private static XElement Row(CompareRow row, int span, double highest) => Html.Tag(
        "tr",
        span == 0
            ? null
            : Html.Row(
                "th",
                Html.Attribute("rowspan", NumberText.Exact(span)),
                row.Measure,
                MeaningOf(row.Measure) is { } meaning ? Html.Tag("small", meaning) : null),
        Html.Tag("td.n", row.Level is { } level ? Figure.Count(level) : null),
        row.Values.Select(v => Html.Tag("td.n", Cell(v, highest))));

    private static object[] Cell(double? value, double highest) => value switch
    {
        null => [Html.Tag("span.missing", Html.Attribute("title", "the set has no such value"), "–")],
        { } v when highest > 1 => [v == Math.Floor(v) ? Figure.Count((long)v) : Figure.Measure(v)],
        { } v => [Bar.Of(highest > 0 ? v / highest : 0)!, Figure.Measure(v)],
    };

    private static double Highest(IEnumerable<CompareRow> rows) => rows.SelectMany(r => r.Values).Max() ?? 0;
}
