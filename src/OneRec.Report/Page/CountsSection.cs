using System.Xml.Linq;
using OneRec.Report.Markup;
using OneRec.Report.Model;

namespace OneRec.Report.Page;

/// <summary>What each step used and dropped.</summary>
internal static class CountsSection
{
    /// <summary>Whether there is anything to show.</summary>
    public static bool Has(ReportModel model) =>
        model.Refused.Count > 0 || model.Provenance.Steps.Any(step => step.Facts.Count > 0);

    /// <summary>Builds the section; null if no step reported anything.</summary>
    public static XElement? Build(ReportModel model) => !Has(model)
        ? null
        : Html.Tag(
            "section",
            Html.Attribute("id", "counts"),
            Html.Tag("h2", "Used and dropped"),
            Html.Tag(
                "p.why",
                "Each step reports what it used, and what it dropped and why. If a step dropped a lot, check its settings before "
                + "you judge the IDs."),
            Html.Tag("div.pair", Facts(model.Provenance.Steps), Refused(model.Refused)));

    private static XElement? Facts(IReadOnlyList<StepReport> steps) => steps.All(step => step.Facts.Count == 0)
        ? null
        : Html.Tag("div.box", Html.Tag(
            "table",
            Html.Tag("caption", "Facts by step"),
            Html.Tag("thead", Html.Tag("tr", Html.Column("th", "Step"), Html.Column("th", "Fact"), Html.Column("th.n", "Value"))),
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
                    Html.Tag("td.value", Html.Foreign(fact.Value))))))));

    private static XElement? Refused(IReadOnlyList<RefusedReport> refused) => refused.Count == 0
        ? null
        : Html.Tag("div.box", Html.Tag(
            "table",
            Html.Tag("caption", "Rows rejected and kept in table quarantine"),
            Html.Tag("thead", Html.Tag("tr", Html.Column("th", "Step"), Html.Column("th", "Reason"), Html.Column("th.n", "Rows"))),
            Html.Tag(
                "tbody",
                refused.Select(row => Html.Tag(
                    "tr",
                    Html.Tag("td", row.Step),
                    Html.Row("th", Html.Foreign(row.Reason)),
                    Html.Tag("td.n", Figure.Count(row.Rows)))))));
}
