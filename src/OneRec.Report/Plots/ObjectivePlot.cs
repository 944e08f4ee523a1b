using System.Xml.Linq;
using OneRec.Report.Markup;
using OneRec.Report.Model;

namespace OneRec.Report.Plots;

/// <summary>The training objective of one level over iterations.</summary>
internal static class ObjectivePlot
{
    private const int MostPoints = 600;
    private const int MostMarkers = 40;

    /// <summary>Draws the plot as SVG; null if the level has fewer than two finite points.</summary>
    public static XElement? Draw(LevelReport level)
    {
        ObjectivePoint[] points = [.. level.Objective.Where(p => double.IsFinite(p.Value))];
        if (points.Length < 2 || points[0].Iteration == points[^1].Iteration)
        {
            return null;
        }

        double low = points.Min(p => p.Value);
        double high = points.Max(p => p.Value);
        double margin = high > low ? (high - low) * 0.08 : Math.Max(Math.Abs(high) * 0.1, 1e-12);
        double first = points[0].Iteration;
        double last = points[^1].Iteration;
        var frame = new PlotFrame(
            $"objective-{level.Level}",
            new PlotAxis("iteration", first - (0.02 * (last - first)), last + (0.02 * (last - first)), Whole: true),
            new PlotAxis("mean squared error", Math.Max(low - margin, low >= 0 ? 0 : double.MinValue), high + margin, Whole: false));
        ObjectivePoint[] shown = Thin(points);
        ScottPlot.Plottables.Scatter line = frame.Plot.Add.Scatter(
            shown.Select(p => (double)p.Iteration).ToArray(),
            shown.Select(p => p.Value).ToArray());
        line.Color = PlotColor.Line;
        line.LineWidth = 2;
        line.MarkerSize = shown.Length <= MostMarkers ? 5 : 0;
        return frame.Draw(
            $"Level {level.Level}: training objective by iteration",
            $"From {NumberText.Measure(points[0].Value)} at iteration {NumberText.Count(points[0].Iteration)} to "
            + $"{NumberText.Measure(points[^1].Value)} at iteration {NumberText.Count(points[^1].Iteration)}.");
    }

    // A plot of 340 pixels cannot show more points; the last point is always kept.
    private static ObjectivePoint[] Thin(ObjectivePoint[] points)
    {
        if (points.Length <= MostPoints)
        {
            return points;
        }

        return
        [
            .. Enumerable.Range(0, MostPoints).Select(i => points[(int)((long)i * (points.Length - 1) / (MostPoints - 1))]),
        ];
    }
}
