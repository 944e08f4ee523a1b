using System.Xml.Linq;
using OneRec.Report.Markup;
using OneRec.Report.Model;
using OneRec.Report.Plots;

namespace OneRec.Report.Page;

/// <summary>The levels of the codebook: a table of measures, then the training and usage of each level.</summary>
internal static class LevelsSection
{
    private const int TopCodes = 10;
    private const int TableRows = 60;

    /// <summary>Builds the section.</summary>
    public static XElement Build(ReportModel model) => Html.Tag(
        "section",
        Html.Attribute("id", "levels"),
        Html.Tag("h2", "Levels, coarse to fine"),
        Html.Tag(
            "p.why",
            "RQ-KMeans runs k-means once per level: level 0 on the embeddings, each further level on the residuals of the "
            + "previous levels. An item’s ID consists of the codes of the nearest centroids, so the first code is a broad "
            + "theme and the last one a detail. The error decreases from level to level."),
        Measures(model.Levels),
        Html.Tag(
            "p.why",
            "Entropy shows how evenly the codes are used; its maximum is ln K, if all are used evenly. Perplexity expresses it "
            + "as a number of codes: 256 codes with perplexity 180 are worth 180 evenly used codes. Neighbour agreement is the share "
            + "of Swing neighbours whose IDs are equal up to the level: in sample on the whole log, held out on a part of the log "
            + "that was set aside (evaluate.holdout). Chance is the same share for all item pairs."),
        Html.Tag("h3.gap", "Training and usage"),
        Html.Tag(
            "p.why",
            "The first plot shows the training error by iteration: it should fall and flatten; if it is still steep at the end, "
            + "more training would help. The second plot shows the items per code, the most used code first: the closer to the "
            + "dashed line of an even spread, the more information each code carries. A peak on the left is a code with too many "
            + "items; zero on the right are unused codes."),
        Html.Tag("div.levels", model.Levels.Select(Level)));

    private static XElement Measures(IReadOnlyList<LevelReport> levels) => Html.Tag(
        "div.scroll",
        Html.Attribute("tabindex", "0"),
        Html.Attribute("role", "region"),
        Html.Attribute("aria-label", "Measures by level"),
        Html.Tag(
            "table",
            Html.Tag("caption", "Measures by level; errors are those of the codes up to and including the level"),
            Html.Tag(
                "thead",
                Html.Tag(
                    "tr",
                    Html.Column("th", "Level"),
                    Html.Column("th.n", "Codes (K)"),
                    Html.Column("th.n", "Mean squared error"),
                    Html.Column("th.n", "Error / variance"),
                    Html.Column("th.n", "Codes in use"),
                    Html.Column("th.n", "Entropy / maximum (nats)"),
                    Html.Column("th.n", "Perplexity (codes)"),
                    Html.Column("th.n", "Neighbour agreement, in sample"),
                    Html.Column("th.n", "Neighbour agreement, held out"),
                    Html.Column("th.n", "Chance"))),
            Html.Tag(
                "tbody",
                levels.Select(level => Html.Tag(
                    "tr",
                    Html.Row("th", Figure.Count(level.Level)),
                    Html.Tag("td.n", Figure.Count(level.Codes)),
                    Html.Tag("td.n", Figure.Measure(level.Error)),
                    Html.Tag("td.n", Bar.Of(level.RelativeError), Figure.Percent(level.RelativeError)),
                    Html.Tag("td.n", Bar.Of(level.Utilization), Figure.Percent(level.Utilization)),
                    Html.Tag("td.n", Figure.Measure(level.Entropy), " / ", Figure.Measure(level.MaximumEntropy)),
                    Html.Tag("td.n", Figure.Measure(level.Perplexity)),
                    Html.Tag("td.n", Figure.Percent(level.InSampleNeighbours)),
                    Html.Tag("td.n", Figure.Percent(level.HeldOutNeighbours)),
                    Html.Tag("td.n", Figure.Percent(level.NeighbourChance)))))));

    private static XElement Level(LevelReport level) => Html.Tag(
        "article.level",
        Html.Tag("h4", $"Level {level.Level}"),
        Html.Tag("div.plots", Objective(level), Usage(level)));

    private static XElement Objective(LevelReport level)
    {
        IReadOnlyList<ObjectivePoint> points = level.Objective;
        return Html.Tag(
            "figure",
            Html.Tag("h5", "Training objective by iteration"),
            (object?)ObjectivePlot.Draw(level) ?? Html.Tag("p.missing", points.Count == 0
                ? "The training of this codebook is not recorded."
                : "Only one iteration: nothing to plot."),
            points.Count == 0
                ? null
                : Html.Tag(
                    "figcaption",
                    "Mean squared error from ",
                    Figure.Measure(points[0].Value),
                    " to ",
                    Figure.Measure(points[^1].Value),
                    " in ",
                    Figure.Count(points.Count),
                    points.Count == 1 ? " iteration." : " iterations."),
            points.Count == 0 ? null : ObjectiveTable(points));
    }

    private static XElement ObjectiveTable(IReadOnlyList<ObjectivePoint> points)
    {
        int stride = Math.Max(1, (points.Count + TableRows - 1) / TableRows);
        return Html.Tag(
            "details",
            Html.Tag("summary", "Show the numbers"),
            Html.Tag(
                "table",
                Html.Tag("caption", stride == 1 ? "Objective by iteration" : $"Objective, every {NumberText.Count(stride)}th iteration and the last"),
                Html.Tag("thead", Html.Tag("tr", Html.Column("th.n", "Iteration"), Html.Column("th.n", "Mean squared error"))),
                Html.Tag(
                    "tbody",
                    points.Where((_, i) => i % stride == 0 || i == points.Count - 1).Select(point => Html.Tag(
                        "tr",
                        Html.Row("th.n", Figure.Count(point.Iteration)),
                        Html.Tag("td.n", Figure.Measure(point.Value)))))));
    }

    private static XElement Usage(LevelReport level)
    {
        int used = level.Usage.Count(count => count > 0);
        return Html.Tag(
            "figure",
            Html.Tag("h5", "Items per code"),
            (object?)UsagePlot.Draw(level) ?? Html.Tag("p.missing", "No item has an ID under this codebook."),
            used == 0
                ? null
                : Html.Tag(
                    "figcaption",
                    Figure.Count(used),
                    " of ",
                    Figure.Count(level.Usage.Count),
                    " codes are used; the most used code has ",
                    Figure.Count(level.Usage.Max()),
                    " items."),
            used == 0 ? null : UsageTable(level));
    }

    private static XElement UsageTable(LevelReport level)
    {
        long items = level.Usage.Sum();
        return Html.Tag(
            "details",
            Html.Tag("summary", "Show the most used codes"),
            Html.Tag(
                "table",
                Html.Tag("caption", $"The {Math.Min(TopCodes, level.Usage.Count)} most used codes"),
                Html.Tag(
                    "thead",
                    Html.Tag("tr", Html.Column("th.n", "Code"), Html.Column("th.n", "Items"), Html.Column("th.n", "Share of items"))),
                Html.Tag(
                    "tbody",
                    level.Usage.Index().OrderByDescending(c => c.Item).Take(TopCodes).Select(code => Html.Tag(
                        "tr",
                        Html.Row("th.n", Figure.Count(code.Index)),
                        Html.Tag("td.n", Figure.Count(code.Item)),
                        Html.Tag("td.n", Figure.Percent((double)code.Item / items)))))));
    }
}
