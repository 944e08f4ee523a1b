using System.Xml.Linq;
using OneRec.Report.Model;

namespace OneRec.Report.Page;

/// <summary>What went in and what was dropped on the way.</summary>
internal static class CountsSection
{
    /// <summary>Whether there is anything to tell.</summary>
    public static bool Has(ReportModel model) =>
        model.Refused.Count > 0 || model.Provenance.Steps.Any(step => step.Facts.Count > 0);

    /// <summary>The section; null where no step told anything.</summary>
    public static XElement? Build(ReportModel model) => !Has(model)
        ? null
        : Html.Tag(
            "section",
            Html.Attribute("id", "counts"),
            Html.Tag("h2", "What went in, what was dropped"),
            Html.Tag(
                "p.why",
                "Nothing is left out in silence: each step tells what it used and what it dropped, and why. A large number dropped "
                + "is a setting to look at before the IDs are."),
            Html.Tag("div.pair", Facts(model.Provenance.Steps), Refused(model.Refused)));

    private static XElement? Facts(IReadOnlyList<StepReport> steps) => steps.All(step => step.Facts.Count == 0)
        ? null
        : Html.Tag("div.box", Html.Tag(
            "table",
            Html.Tag("caption", "What each step told"),
            Html.Tag("thead", Html.Tag("tr", Html.Column("th", "Step"), Html.Column("th", "What"), Html.Column("th.n", "How much"))),
            steps.Where(step => step.Facts.Count > 0).Select(step => Html.Tag(
                "tbody",
                step.Facts.Select((fact, i) => Html.Tag(
                    "tr",
                    i > 0
                        ? null
                        : Html.Tag(
                            "th",
                            Html.Attribute("scope", "rowgroup"),
                            Html.Attribute("rowspan", $"{step.Facts.Count}"),
                            step.Step),
                    Html.Row("th", Html.Foreign(fact.Key)),
                    Html.Tag("td.told", Html.Foreign(fact.Value))))))));

    private static XElement? Refused(IReadOnlyList<RefusedReport> refused) => refused.Count == 0
        ? null
        : Html.Tag("div.box", Html.Tag(
            "table",
            Html.Tag("caption", "Rows refused and kept in table quarantine"),
            Html.Tag("thead", Html.Tag("tr", Html.Column("th", "Step"), Html.Column("th", "Why"), Html.Column("th.n", "Rows"))),
            Html.Tag(
                "tbody",
                refused.Select(row => Html.Tag(
                    "tr",
                    Html.Tag("td", row.Step),
                    Html.Row("th", Html.Foreign(row.Reason)),
                    Html.Tag("td.n", Figure.Count(row.Rows)))))));
}
