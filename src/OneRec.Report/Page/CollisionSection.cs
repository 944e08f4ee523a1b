using System.Xml.Linq;
using OneRec.Report.Markup;
using OneRec.Report.Model;

namespace OneRec.Report.Page;

/// <summary>How many items share an ID, and which IDs are the most crowded.</summary>
internal static class CollisionSection
{
    private const int MostSizes = 12;

    /// <summary>Builds the section.</summary>
    public static XElement Build(ReportModel model)
    {
        CollisionReport collisions = model.Collisions;
        return Html.Tag(
            "section",
            Html.Attribute("id", "collisions"),
            Html.Tag("h2", "Collisions"),
            Html.Tag(
                "p.why",
                "Two items collide if all their codes are equal. Near-duplicates should collide; unrelated items should not, "
                + "because a generative recommender that outputs codes cannot tell them apart. More codes, another level or more "
                + "detailed embeddings reduce collisions. The collision rate is 1 − distinct IDs / items."),
            Html.Tag(
                "dl.numbers",
                Pair("Items with an ID", Figure.Count(collisions.Items)),
                Pair("Distinct IDs", Figure.Count(collisions.UniqueSids)),
                Pair("Collision rate", Figure.Percent(collisions.Rate)),
                Pair("Items that share their ID", Figure.Count(collisions.SharedItems), " (", Figure.Percent(collisions.SharedShare), ")"),
                Pair("Under the most crowded ID", Figure.Count(collisions.LargestBucket), " items")),
            Html.Tag("div.pair.uneven", Sizes(collisions.Buckets), Crowded(collisions.Crowded)));
    }

    private static XElement Pair(string name, params object[] value) =>
        Html.Tag("div", Html.Tag("dt", name), Html.Tag("dd", value));

    private static XElement? Sizes(IReadOnlyList<BucketReport> buckets)
    {
        if (buckets.Count == 0)
        {
            return null;
        }

        IEnumerable<(string Size, long Sids, long Items)> rows = buckets
            .Take(buckets.Count <= MostSizes ? MostSizes : MostSizes - 1)
            .Select(b => (NumberText.Count(b.Size), b.Sids, b.Sids * b.Size));
        BucketReport[] rest = buckets.Count <= MostSizes ? [] : [.. buckets.Skip(MostSizes - 1)];
        if (rest.Length > 0)
        {
            rows = rows.Append((NumberText.Count(rest[0].Size) + " or more", rest.Sum(b => b.Sids), rest.Sum(b => b.Sids * b.Size)));
        }

        return Box(
            Html.Tag("caption", "IDs by number of items"),
            Html.Tag(
                "thead",
                Html.Tag("tr", Html.Column("th.n", "Items per ID"), Html.Column("th.n", "IDs"), Html.Column("th.n", "Items"))),
            Html.Tag(
                "tbody",
                rows.Select(row => Html.Tag(
                    "tr",
                    Html.Row("th.n", row.Size),
                    Html.Tag("td.n", Figure.Count(row.Sids)),
                    Html.Tag("td.n", Figure.Count(row.Items))))));
    }

    private static XElement? Crowded(IReadOnlyList<CrowdedReport> crowded) => crowded.Count == 0
        ? null
        : Box(
            Html.Tag("caption", "The most crowded IDs: do these items belong together?"),
            Html.Tag("thead", Html.Tag("tr", Html.Column("th", "ID"), Html.Column("th.n", "Items"), Html.Column("th", "Examples"))),
            Html.Tag(
                "tbody",
                crowded.Select(id => Html.Tag(
                    "tr",
                    Html.Row("th", Sid.Show(id.Sid)),
                    Html.Tag("td.n", Figure.Count(id.Items)),
                    Html.Tag("td", id.Titles.SelectMany((title, i) => new object?[] { i == 0 ? null : " · ", Html.Foreign(title) }))))));

    private static XElement Box(params object?[] table) => Html.Tag("div.box", Html.Tag("table", table));
}
