using System.Xml.Linq;
using OneRec.Report.Markup;
using OneRec.Report.Model;
using OneRec.Report.Plots;

namespace OneRec.Report.Page;

/// <summary>What alignment changed: the curves of its training, and neighbours before and after.</summary>
internal static class AlignmentSection
{
    /// <summary>Builds the section; null if the embeddings are not those of an aligned model.</summary>
    public static XElement? Build(ReportModel model) => model.Alignment is not { } alignment
        ? null
        : Html.Tag(
            "section",
            Html.Attribute("id", "alignment"),
            Html.Tag("h2", "Alignment: before and after"),
            Html.Tag(
                "p.why",
                "The model that made the embeddings was trained on ",
                Figure.Count(alignment.Pairs),
                " pairs of items that the same users clicked, in ",
                Figure.Count(alignment.Steps),
                " steps of run ",
                Html.Tag("code", alignment.RunId),
                ". The two items of a pair come to lie near each other (contrastive loss), while the item’s text can still be predicted "
                + "(caption loss). ",
                Verdict(alignment)),
            Html.Tag("div.plots", Plots(alignment)),
            alignment.Examples.Count == 0
                ? null
                : new object[]
                {
                    Html.Tag("h3.gap", "Nearest items, before and after"),
                    Html.Tag("div.cards", alignment.Examples.Select(Card)),
                });

    private static object Verdict(AlignmentReport alignment) => alignment is { Hits: { } after, PooledHits: { } before }
        ? new object[]
        {
            "Among its 100 nearest items, an item finds ",
            Figure.Percent(after),
            " of the partners that users outside of the training gave it; before alignment ",
            Figure.Percent(before),
            alignment.BestStep is { } best ? $". The state of step {NumberText.Count(best)} was kept." : ".",
        }
        : "It was not validated (align.validation), so the last state was kept.";

    private static IEnumerable<XElement> Plots(AlignmentReport alignment)
    {
        yield return Plot("align-contrastive", "Contrastive loss by step", "loss", alignment, p => p.Contrastive, null);
        if (alignment.Curve.Any(p => p.Caption is not null))
        {
            yield return Plot("align-caption", "Caption loss by step", "nats a token", alignment, p => p.Caption, null);
        }

        if (alignment.Curve.LastOrDefault(p => p.Perplexity is not null) is { } last)
        {
            yield return Plot(
                "align-perplexity",
                "Perplexity of captions that training did not see",
                "tokens",
                alignment,
                p => p.Perplexity,
                last.PerplexityOfOther is { } other ? (other, "with another item’s queries") : null);
        }

        if (alignment.Curve.Any(p => p.Hits is not null))
        {
            yield return Plot(
                "align-hits",
                "Validation partners found among 100 items",
                "share",
                alignment,
                p => p.Hits,
                alignment.PooledHits is { } pooled ? (pooled, "before alignment") : null);
        }
    }

    private static XElement Plot(
        string id, string title, string axis, AlignmentReport alignment, Func<AlignmentPoint, double?> value, (double, string)? reference)
    {
        (long Step, double Value)[] points = [.. alignment.Curve.Where(p => value(p) is not null).Select(p => (p.Step, value(p)!.Value))];
        return Html.Tag(
            "figure",
            Html.Tag("h3", title),
            (object?)CurvePlot.Draw(id, title, axis, "step", points, reference) ?? Html.Tag("p.missing", "Too few points to plot."));
    }

    private static XElement Card(AlignmentExample example) => Html.Tag(
        "article.card",
        Html.Tag("div.identity", Html.Tag("h3", Html.Foreign(example.Item))),
        Titles("Before", example.Before, example.After),
        Titles("After", example.After, example.Before));

    private static XElement Titles(string title, IReadOnlyList<string> own, IReadOnlyList<string> other) => Html.Tag(
        "table",
        Html.Tag("caption", $"Nearest items {title.ToLowerInvariant()} alignment"),
        Html.Tag("thead", Html.Tag("tr", Html.Column("th", title))),
        Html.Tag(
            "tbody",
            own.Select(t => Html.Tag("tr", Html.Row("th", other.Contains(t) ? Html.Foreign(t) : Html.Tag("mark", Html.Foreign(t)))))));
}
