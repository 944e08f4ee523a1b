using System.Xml.Linq;
using OneRec.Pipeline.Steps.Report.Model;

namespace OneRec.Pipeline.Steps.Report.Page;

/// <summary>Items by title: what users click together beside what the IDs put together.</summary>
internal static class ItemsSection
{
    /// <summary>The section.</summary>
    public static XElement Build(ReportModel model) => Html.Tag(
        "section",
        Html.Attribute("id", "items"),
        Html.Tag("h2", "Items and their neighbours"),
        Html.Tag(
            "p.why",
            "The most clicked items, at most a few of each first code. Left, the items most similar by Swing: similar because "
            + "the same users click both, although these users have little else in common. Right, the items whose IDs share the longest "
            + "prefix: similar because their content is. ",
            Html.Tag("mark", "Marked"),
            " codes are those shared with the item. Marks on the left mean that content and clicks agree; a right list that "
            + "makes no sense means that the embeddings do not see what matters."),
        model.Examples.Count == 0
            ? Html.Tag("p.missing", "No item is shown: none has an ID, or report.items is 0.")
            : Html.Tag("div.cards", model.Examples.Select(Card)));

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
        ? Html.Tag("p.missing", "No Swing neighbours: too few users clicked it together with another item.")
        : Html.Tag(
            "table",
            Html.Tag("caption", "Clicked by the same users"),
            Html.Tag(
                "thead",
                Html.Tag("tr", Html.Column("th", "Item"), Html.Column("th.n", "Swing"), Html.Column("th.id", "ID"))),
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
        ? Html.Tag("p.missing", "No other item has its first code.")
        : Html.Tag(
            "table",
            Html.Tag("caption", "Same prefix of the ID"),
            Html.Tag("thead", Html.Tag("tr", Html.Column("th", "Item"), Html.Column("th.id", "ID"))),
            Html.Tag(
                "tbody",
                example.BySid.Select(neighbour => Html.Tag(
                    "tr",
                    Html.Row("th", Html.Foreign(neighbour.Name)),
                    Html.Tag("td.id", Shared(example.Item, neighbour))))));

    private static XElement Shared(ReportItem item, ReportItem neighbour) =>
        Sid.Show(neighbour.Sid, ReportItem.SharedCodes(item.Sid, neighbour.Sid));
}
