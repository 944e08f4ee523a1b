using System.Xml.Linq;
using OneRec.Report.Markup;
using OneRec.Report.Model;

namespace OneRec.Report.Page;

/// <summary>The provenance of the results: everything needed to reproduce them.</summary>
internal static class ProvenanceSection
{
    private const int ShortHash = 12;

    /// <summary>Builds the section.</summary>
    public static XElement Build(ReportModel model) => Html.Tag(
        "section",
        Html.Attribute("id", "provenance"),
        Html.Tag("h2", "Provenance"),
        Html.Tag(
            "p.why",
            "The same inputs, parameters and seed give the same rows, bit for bit. A step is not run again if its fingerprint "
            + "has not changed."),
        Steps(model),
        Html.Tag("h3", "Tables"),
        Html.Tag(
            "dl.numbers",
            model.Provenance.Tables.Select(table => Html.Tag(
                "div",
                Html.Tag("dt", Html.Tag("code", table.Name)),
                Html.Tag(
                    "dd",
                    table.Version is null ? "does not exist" : "version ",
                    table.Version is { } version ? Figure.Count(version) : null)))),
        model.Provenance.Steps.Count == 0 ? null : Html.Tag("h3", "Inputs and parameters"),
        model.Provenance.Steps.Select(Details));

    private static XElement Steps(ReportModel model) => model.Provenance.Steps.Count == 0
        ? Html.Tag("p.missing", "Table runs has no steps.")
        : Html.Tag(
            "div.scroll",
            Html.Attribute("tabindex", "0"),
            Html.Attribute("role", "region"),
            Html.Attribute("aria-label", "Steps"),
            Html.Tag(
                "table",
                Html.Tag("caption", "Steps, each with its latest run that had work"),
                Html.Tag(
                    "thead",
                    Html.Tag(
                        "tr",
                        Html.Column("th", "Step"),
                        Html.Column("th.n", "Rows written"),
                        Html.Column("th.n", "Time"),
                        Html.Column("th", "Finished"),
                        Html.Column("th", "Run"),
                        Html.Column("th", "Version"))),
                Html.Tag(
                    "tbody",
                    model.Provenance.Steps.Select(step => Html.Tag(
                        "tr",
                        Html.Row("th", step.Step),
                        Html.Tag("td.n", Figure.Count(step.Rows)),
                        Html.Tag("td.n", NumberText.Seconds(step.Seconds)),
                        Html.Tag("td", NumberText.Moment(step.FinishedAt)),
                        Html.Tag("td", step.RunId == model.RunId ? "this run" : Html.Tag("code", step.RunId)),
                        Html.Tag("td", step.CodeVersion))))));

    private static XElement Details(StepReport step) => Html.Tag(
        "details",
        Html.Tag("summary", Html.Tag("code", step.Step), $" · seed {step.Seed} · fingerprint {Short(step.Fingerprint)}"),
        Html.Tag("p", "Fingerprint ", Html.Tag("code.long", step.Fingerprint)),
        Pairs("Inputs", "Version or hash", step.Inputs),
        Pairs("Parameters", "Value", step.Parameters));

    private static XElement? Pairs(string name, string value, IReadOnlyList<KeyValuePair<string, string>> pairs) => pairs.Count == 0
        ? null
        : Html.Tag(
            "table",
            Html.Tag("caption", name),
            Html.Tag("thead", Html.Tag("tr", Html.Column("th", "Name"), Html.Column("th", value))),
            Html.Tag(
                "tbody",
                pairs.Select(pair => Html.Tag(
                    "tr",
                    Html.Row("th", Html.Tag("code.long", pair.Key)),
                    Html.Tag("td", Html.Tag("code.long", pair.Value))))));

    private static string Short(string hash) => hash.Length <= ShortHash ? hash : hash[..ShortHash] + "…";
}
