using System.Xml.Linq;
using OneRec.Pipeline.Steps.Report.Model;

namespace OneRec.Pipeline.Steps.Report.Page;

/// <summary>What went in and what was dropped on the way.</summary>
internal static class CountsSection
{
    /// <summary>The section; null where no step told a count.</summary>
    public static XElement? Build(ReportModel model) => model.Counts.Count == 0
        ? null
        : Html.Tag(
            "section",
            Html.Attribute("id", "counts"),
            Html.Tag("h2", "What went in, what was dropped"),
            Html.Tag(
                "p.why",
                "Nothing is left out in silence: each step counts what it used and what it dropped, with the rule that dropped it. "
                + "A large number dropped is a setting to look at before the IDs are."),
            Html.Tag(
                "div.pair",
                Table("Used", model.Counts.Where(c => !c.Dropped)),
                Table("Dropped", model.Counts.Where(c => c.Dropped))));

    private static XElement? Table(string name, IEnumerable<CountReport> counts)
    {
        CountReport[] rows = [.. counts];
        return rows.Length == 0
            ? null
            : Html.Tag("div.box", Html.Tag(
                "table",
                Html.Tag("caption", name),
                Html.Tag("thead", Html.Tag("tr", Html.Column("th", "Step"), Html.Column("th", "What"), Html.Column("th.n", "Number"))),
                Html.Tag(
                    "tbody",
                    rows.Select(count => Html.Tag(
                        "tr",
                        Html.Tag("td", count.Step),
                        Html.Row("th", Html.Foreign(count.Name)),
                        Html.Tag("td.n", Math.Abs(count.Value) < 1e15 && Math.Floor(count.Value) == count.Value
                            ? Figure.Count((long)count.Value)
                            : Figure.Measure(count.Value)))))));
    }
}
