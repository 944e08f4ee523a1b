using System.Xml.Linq;
using OneRec.Report.Markup;
using OneRec.Report.Model;

namespace OneRec.Report.Page;

/// <summary>What this run did, and how the measures changed since the previous evaluation.</summary>
internal static class ChangeSection
{
    /// <summary>Builds the section.</summary>
    public static XElement Build(ReportModel model) => Html.Tag(
        "section",
        Html.Attribute("id", "changes"),
        Html.Tag("h2", "What changed"),
        Html.Tag("ul.facts", Facts(model).Select(fact => Html.Tag("li", fact))),
        model.Previous is null ? null : Comparison(model, model.Previous));

    private static IEnumerable<object[]> Facts(ReportModel model)
    {
        if (model.AssignedBy is { } run)
        {
            yield return
            [
                Figure.Count(model.NewIds),
                model.NewIds == 1 ? " item got its ID in " : " items got their IDs in ",
                run == model.RunId ? "this run" : "run ",
                run == model.RunId ? "" : Html.Tag("code", run),
                ", ",
                Figure.Count(model.Collisions.Items - model.NewIds),
                " kept their ID.",
            ];
        }

        yield return model.Publication switch
        {
            null => ["Nothing is published yet: ", Html.Tag("code", "current_ids"), " has no IDs."],
            { } p when p.CodebookId == model.CodebookId =>
            [
                "Readers use these IDs: generation ",
                Figure.Count(p.Generation),
                $", published {NumberText.Moment(p.PublishedAt)}.",
            ],
            { } p =>
            [
                "Readers still use codebook ",
                Html.Tag("code", p.CodebookId),
                " (generation ",
                Figure.Count(p.Generation),
                $", published {NumberText.Moment(p.PublishedAt)}); the IDs on this page are not published.",
            ],
        };
        string[] now = [.. model.Provenance.Steps.Where(s => s.RunId == model.RunId).Select(s => s.Step)];
        string[] kept = [.. model.Provenance.Steps.Where(s => s.RunId != model.RunId).Select(s => s.Step)];
        if (now.Length + kept.Length > 0)
        {
            yield return
            [
                now.Length == 0 ? "All steps were up to date" : $"Run this time: {string.Join(", ", now)}",
                kept.Length == 0 ? "." : $"; up to date: {string.Join(", ", kept)}.",
            ];
        }

        if (model.Previous is null)
        {
            yield return ["This is the first evaluation, so there is nothing to compare with."];
        }
    }

    private static XElement Comparison(ReportModel model, EvaluationReport previous) => Html.Tag(
        "div.scroll.narrow",
        Html.Attribute("tabindex", "0"),
        Html.Attribute("role", "region"),
        Html.Attribute("aria-label", "Comparison with the previous evaluation"),
        Html.Tag(
            "table",
            Html.Tag(
                "caption",
                "Compared with the previous evaluation: run ",
                Html.Tag("code", previous.RunId),
                previous.CodebookId == model.CodebookId ? ", the same codebook" : ", codebook ",
                previous.CodebookId == model.CodebookId ? null : Html.Tag("code", previous.CodebookId)),
            Html.Tag(
                "thead",
                Html.Tag(
                    "tr",
                    Html.Column("th", "Measure"),
                    Html.Column("th.n", "Before"),
                    Html.Column("th.n", "Now"),
                    Html.Column("th.n", "Change"))),
            Html.Tag(
                "tbody",
                Line(
                    "Codes in use, lowest level",
                    previous.Utilization,
                    model.Levels.Select(l => l.Utilization).Where(u => u is not null).DefaultIfEmpty().Min(),
                    moreIsBetter: true),
                Line("Collision rate", previous.CollisionRate, model.Collisions.Rate, moreIsBetter: false),
                Line(
                    "Variance lost, last level",
                    previous.RelativeError,
                    model.Levels.LastOrDefault(l => l.RelativeError is not null)?.RelativeError,
                    moreIsBetter: false))));

    private static XElement Line(string name, double? before, double? now, bool moreIsBetter) => Html.Tag(
        "tr",
        Html.Row("th", name),
        Html.Tag("td.n", Figure.Percent(before)),
        Html.Tag("td.n", Figure.Percent(now)),
        Html.Tag("td.n", before is { } b && now is { } n ? Change(n - b, moreIsBetter) : Figure.Missing()));

    private static XElement Change(double change, bool moreIsBetter)
    {
        if (Math.Abs(change) < 5e-7)
        {
            return Html.Tag("span", "no change");
        }

        bool better = change > 0 == moreIsBetter;
        string points = NumberText.Measure(Math.Abs(change) * 100);
        return Html.Tag(
            better ? "span.better" : "span.worse",
            $"{(change > 0 ? "+" : "\u2212")}{points} points, {(better ? "better" : "worse")}");
    }
}
