using System.Xml.Linq;
using OneRec.Report.Markup;
using OneRec.Report.Model;

namespace OneRec.Report.Page;

/// <summary>Items by title, with their neighbours by clicks and by ID side by side.</summary>
internal static class ItemsSection
{
    /// <summary>
    /// Number of cards that are not collapsed: enough for an impression, few enough to keep the page short.
    /// </summary>
    private const int Open = 6;

    /// <summary>Builds the section.</summary>
    public static XElement Build(ReportModel model) => Html.Tag(
        "section",
        Html.Attribute("id", "items"),
        Html.Tag("h2", "Items and their neighbours"),
        Html.Tag(
            "p.why",
            "The most clicked items, spread over first codes. “Clicked by the same users” lists the most similar items by Swing: "
            + "the same users click both, although these users have little else in common. “Same ID prefix” lists the items whose "
            + "IDs share the longest prefix: their content is similar. ",
            Html.Tag("mark", "Marked"),
            " codes are shared with the item. Marks in the first list mean that content and clicks agree. If the second list makes "
            + "no sense, the embeddings miss what matters."),
        model.Examples.Count == 0
            ? Html.Tag("p.missing", "No items to show: no item has an ID, or report.items is 0.")
            : Html.Tag("div.cards", model.Examples.Take(Open).Select(Card)),
        model.Examples.Count <= Open
            ? null
            : Html.Tag(
                "details.more",
                Html.Tag("summary", $"{NumberText.Count(model.Examples.Count - Open)} more items"),
                Html.Tag("div.cards", model.Examples.Skip(Open).Select(Card))));

    private static XElement Card(ExampleReport example) => Html.Tag(
        "article.card",
        Html.Tag(
            "div.identity",
            Html.Tag("h3", Html.Foreign(example.Item.Name)),
            Html.Tag("p", Sid.Show(example.Item.Sid)),
            Html.Tag(
                "p",
                example.Item.Slot is { } slot ? new object[] { "slot ", Figure.Count(slot), " · " } : null,
                "item ",
                Html.Foreign(example.Item.Id))),
        BySwing(example),
        BySid(example));

    private static XElement BySwing(ExampleReport example) => example.BySwing.Count == 0
        ? Html.Tag("p.missing", "No Swing neighbours: too few users clicked both this and another item.")
        : Html.Tag(
            "table",
            Html.Tag("caption", "Neighbours by Swing"),
            Html.Tag(
                "thead",
                Html.Tag("tr", Html.Column("th", "Clicked by the same users"), Html.Column("th.n", "Swing"), Html.Column("th.id", "ID"))),
            Html.Tag(
                "tbody",
                example.BySwing.Select(neighbour => Html.Tag(
                    "tr",
                    Html.Row("th", Html.Foreign(neighbour.Item.Name)),
                    Html.Tag(
                        "td.n",
                        Html.Attribute("title", $"{NumberText.Count(neighbour.CommonUsers)} users in common"),
                        Figure.Measure(neighbour.Score)),
                    Html.Tag("td.id", Shared(example.Item, neighbour.Item))))));

    private static XElement BySid(ExampleReport example) => example.BySid.Count == 0
        ? Html.Tag("p.missing", "No other item has this first code.")
        : Html.Tag(
            "table",
            Html.Tag("caption", "Neighbours by ID"),
            Html.Tag("thead", Html.Tag("tr", Html.Column("th", "Same ID prefix"), Html.Column("th.id", "ID"))),
            Html.Tag(
                "tbody",
                example.BySid.Select(neighbour => Html.Tag(
                    "tr",
                    Html.Row("th", Html.Foreign(neighbour.Name)),
                    Html.Tag("td.id", Shared(example.Item, neighbour))))));

    private static XElement Shared(ReportItem item, ReportItem neighbour) =>
        Sid.Show(neighbour.Sid, ReportItem.SharedCodes(item.Sid, neighbour.Sid));
}
