using System.Xml.Linq;
using OneRec.Report.Markup;

namespace OneRec.Report.Plots;

/// <summary>A measure over the steps of a training, or over evaluations.</summary>
internal static class CurvePlot
{
    private const int MostMarkers = 40;

    /// <summary>Draws the plot as SVG; null if there are fewer than two points.</summary>
    /// <param name="id">Prefix of all ids in the plot; unique within the page.</param>
    /// <param name="title">What the plot shows.</param>
    /// <param name="axis">Title of the vertical axis, with the unit.</param>
    /// <param name="unit">What the horizontal axis counts: <c>step</c>.</param>
    /// <param name="points">Step and value.</param>
    /// <param name="reference">A value to compare with, and its name; null for none.</param>
    public static XElement? Draw(string id, string title, string axis, string unit, IReadOnlyList<(long Step, double Value)> points, (double Value, string Name)? reference)
    {
        (long Step, double Value)[] finite = [.. points.Where(p => double.IsFinite(p.Value))];
        if (finite.Length < 2 || finite[0].Step == finite[^1].Step)
        {
            return null;
        }

        double low = Math.Min(finite.Min(p => p.Value), reference?.Value ?? double.MaxValue);
        double high = Math.Max(finite.Max(p => p.Value), reference?.Value ?? double.MinValue);
        double margin = high > low ? (high - low) * 0.12 : Math.Max(Math.Abs(high) * 0.1, 1e-12);
        double last = finite[^1].Step;
        var frame = new PlotFrame(
            id,
            new PlotAxis(unit, 0, last * 1.02, Whole: true),
            new PlotAxis(axis, Math.Max(low - margin, low >= 0 ? 0 : double.MinValue), high + margin, Whole: false));
        if (reference is { } other)
        {
            ScottPlot.Plottables.HorizontalLine level = frame.Plot.Add.HorizontalLine(other.Value);
            level.Color = PlotColor.Reference;
            level.LinePattern = ScottPlot.LinePattern.Dashed;
            frame.AddNote(last, other.Value, "end", other.Name);
        }

        ScottPlot.Plottables.Scatter line = frame.Plot.Add.Scatter(
            finite.Select(p => (double)p.Step).ToArray(), finite.Select(p => p.Value).ToArray());
        line.Color = PlotColor.Line;
        line.LineWidth = 2;
        line.MarkerSize = finite.Length <= MostMarkers ? 5 : 0;
        return frame.Draw(
            title,
            $"From {NumberText.Measure(finite[0].Value)} at {unit} {NumberText.Count(finite[0].Step)} to "
            + $"{NumberText.Measure(finite[^1].Value)} at {unit} {NumberText.Count(finite[^1].Step)}.");
    }
}
