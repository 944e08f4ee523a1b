using System.Xml.Linq;
using OneRec.Report.Markup;
using OneRec.Report.Model;

namespace OneRec.Report.Page;

/// <summary>The overview: four measures, each with a verdict.</summary>
internal static class GlanceSection
{
    /// <summary>Builds the section.</summary>
    public static XElement Build(ReportModel model) => Html.Tag(
        "section",
        Html.Attribute("id", "glance"),
        Html.Tag("h2", "Are the IDs good?"),
        Html.Tag("p.lead", Lead(model)),
        Html.Tag("div.tiles", Utilization(model), Collisions(model), Error(model), Behaviour(model)));

    private static IEnumerable<object> Lead(ReportModel model)
    {
        CollisionReport collisions = model.Collisions;
        yield return Figure.Count(collisions.Items);
        yield return collisions.Items == 1 ? " item has" : " items have";
        yield return " an ID of ";
        yield return Figure.Count(model.Levels.Count);
        yield return model.Levels.Count == 1 ? " code" : " codes";
        yield return $" ({string.Join(" × ", model.Levels.Select(l => NumberText.Count(l.Codes)))} possible), ";
        yield return Figure.Count(collisions.UniqueSids);
        yield return " of these IDs are distinct.";
    }

    private static XElement Utilization(ReportModel model)
    {
        LevelReport? least = model.Levels.Where(l => l.Utilization is not null).MinBy(l => l.Utilization);
        return Tile(
            "Codes in use",
            least is null ? Figure.Missing() : Figure.Percent(least.Utilization),
            least is null ? null : Verdict.AtLeast(least.Utilization!.Value, 0.95, 0.8),
            least is null
                ? ["The usage of codes was not measured."]
                : [$"at level {least.Level}, the level with the lowest usage. Unused codes enlarge a model’s vocabulary without ever occurring."],
            "Good from 95 %, weak below 80 %.");
    }

    private static XElement Collisions(ReportModel model)
    {
        CollisionReport collisions = model.Collisions;
        return Tile(
            "Items that share their ID",
            Figure.Percent(collisions.SharedShare),
            Verdict.AtMost(collisions.SharedShare, 0.1, 0.3),
            [
                Figure.Count(collisions.SharedItems),
                " items share their ID with another item; the most crowded ID has ",
                Figure.Count(collisions.LargestBucket),
                " items. Such items differ only in their slot.",
            ],
            "Good up to 10 %, weak above 30 %.");
    }

    private static XElement Error(ReportModel model)
    {
        LevelReport[] measured = [.. model.Levels.Where(l => l.RelativeError is not null)];
        if (measured.Length == 0)
        {
            return Tile("Variance lost", Figure.Missing(), null, ["The reconstruction error was not measured."], null);
        }

        LevelReport last = measured[^1];
        double? before = measured.Length > 1 ? measured[^2].RelativeError : 1;
        double gain = before is > 0 ? 1 - (last.RelativeError!.Value / before.Value) : 0;
        return Tile(
            "Variance lost",
            Figure.Percent(last.RelativeError),
            Verdict.AtLeast(gain, 0.05, 0.01),
            [
                "of the embeddings’ variance is not captured by the IDs. The last level reduces the error of the previous levels by ",
                Figure.Percent(gain),
                ".",
            ],
            "Good if the last level reduces the error by at least 5 %, weak below 1 %: then it adds codes but little information.");
    }

    // The measure over all neighbours, not over those shown; held out if it was measured so.
    private static XElement Behaviour(ReportModel model)
    {
        LevelReport? level = model.Levels.Count > 0 ? model.Levels[0] : null;
        bool heldOut = level?.HeldOutNeighbours is not null;
        if ((heldOut ? level!.HeldOutNeighbours : level?.InSampleNeighbours) is not { } share)
        {
            return Tile("Agrees with clicks", Figure.Missing(), null, ["Neighbours were not measured."], null);
        }

        double chance = level!.NeighbourChance ?? 0;
        return Tile(
            "Agrees with clicks",
            Figure.Percent(share),
            Verdict.AtLeast(chance > 0 ? share / chance : 0, 3, 1.5),
            [
                "of ",
                (heldOut ? level.HeldOutPairs : level.InSamplePairs) is { } pairs ? (object)Figure.Count((long)pairs) : "the",
                heldOut ? " pairs that users clicked in the held-out part of the log" : " Swing neighbours in the whole log",
                " have the same first code; by chance it would be ",
                Figure.Percent(level.NeighbourChance),
                ".",
            ],
            "Good from 3 times chance, weak below 1.5 times. "
                + (heldOut ? "Measured held out." : "Measured in sample: the log that the neighbours are from."));
    }

    private static XElement Tile(string name, XElement value, Verdict? verdict, object[] text, string? rule) => Html.Tag(
        "div.tile" + (verdict is null ? "" : "." + verdict.Style),
        Html.Tag("h3", name),
        Html.Tag("p.value", value),
        verdict is null
            ? null
            : Html.Tag("p.verdict", Html.Tag("span", Html.Attribute("aria-hidden", "true"), verdict.Sign + " "), verdict.Word),
        Html.Tag("p", text),
        rule is null ? null : Html.Tag("p.rule", rule));
}
