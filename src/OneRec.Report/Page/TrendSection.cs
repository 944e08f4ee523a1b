using System.Xml.Linq;
using OneRec.Report.Markup;
using OneRec.Report.Model;
using OneRec.Report.Plots;

namespace OneRec.Report.Page;

/// <summary>The measures of the newest evaluations as lines over time.</summary>
internal static class TrendSection
{
    /// <summary>Fewer are a comparison, not a line.</summary>
    private const int Least = 3;

    private static readonly (string Id, string Title, Func<EvaluationReport, double?> Value)[] Measures =
    [
        ("trend-use", "Codes in use, lowest level", e => e.Utilization),
        ("trend-collisions", "Collision rate", e => e.CollisionRate),
        ("trend-error", "Variance lost, last level", e => e.RelativeError),
        ("trend-neighbours", "Neighbours with the same first code", e => e.Neighbours),
    ];

    /// <summary>Whether there are enough evaluations.</summary>
    public static bool Has(ReportModel model) => model.Evaluations.Count >= Least;

    /// <summary>Builds the section; null if there are too few evaluations.</summary>
    public static XElement? Build(ReportModel model) => !Has(model)
        ? null
        : Html.Tag(
            "section",
            Html.Attribute("id", "trend"),
            Html.Tag("h2", "Over the evaluations"),
            Html.Tag(
                "p.why",
                "The newest ",
                Figure.Count(model.Evaluations.Count),
                " evaluations, the oldest on the left",
                Codebooks(model.Evaluations) is > 1 and var codebooks ? new object[] { ", of ", Figure.Count(codebooks), " codebooks; a step in a line is a retrain" } : null,
                ". A line that drifts while the codebook stays the same means that new items are unlike those it was trained on: retrain."),
            Html.Tag("div.plots", Measures.Where(m => model.Evaluations.Any(e => m.Value(e) is not null)).Select(m => Plot(model.Evaluations, m))),
            Numbers(model.Evaluations));

    private static int Codebooks(IReadOnlyList<EvaluationReport> evaluations) => evaluations.Select(e => e.CodebookId).Distinct().Count();

    private static XElement Plot(IReadOnlyList<EvaluationReport> evaluations, (string Id, string Title, Func<EvaluationReport, double?> Value) measure)
    {
        (long, double)[] points = [.. evaluations.Select((e, i) => (At: i + 1L, Value: measure.Value(e))).Where(p => p.Value is not null).Select(p => (p.At, p.Value!.Value))];
        return Html.Tag(
            "figure",
            Html.Tag("h3", measure.Title),
            (object?)CurvePlot.Draw(measure.Id, measure.Title, "share", "evaluation", points, null) ?? Html.Tag("p.missing", "Measured once only."));
    }

    private static XElement Numbers(IReadOnlyList<EvaluationReport> evaluations) => Html.Tag(
        "details",
        Html.Tag("summary", "Show the numbers"),
        Html.Tag(
            "div.scroll",
            Html.Attribute("tabindex", "0"),
            Html.Attribute("role", "region"),
            Html.Attribute("aria-label", "Measures by evaluation"),
            Html.Tag(
                "table",
                Html.Tag("caption", "Measures by evaluation, old to new"),
                Html.Tag(
                    "thead",
                    Html.Tag("tr", Html.Column("th.n", "Evaluation"), Html.Column("th", "Run"), Html.Column("th", "Codebook"), Measures.Select(m => Html.Column("th.n", m.Title)))),
                Html.Tag(
                    "tbody",
                    evaluations.Select((e, i) => Html.Tag(
                        "tr",
                        Html.Row("th.n", Figure.Count(i + 1)),
                        Html.Tag("td", Html.Tag("code", e.RunId)),
                        Html.Tag("td", Html.Tag("code", e.CodebookId)),
                        Measures.Select(m => Html.Tag("td.n", Figure.Percent(m.Value(e))))))))));
}
