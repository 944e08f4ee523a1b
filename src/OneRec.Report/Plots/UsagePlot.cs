using System.Xml.Linq;
using OneRec.Report.Markup;
using OneRec.Report.Model;

namespace OneRec.Report.Plots;

/// <summary>Items per code, the most used code first, compared with an even spread.</summary>
internal static class UsagePlot
{
    private const int MostPoints = 500;

    /// <summary>Draws the plot as SVG; null if the usage of the level is unknown.</summary>
    public static XElement? Draw(LevelReport level)
    {
        long[] counts = [.. level.Usage.OrderDescending()];
        if (counts.Length == 0 || counts[0] == 0)
        {
            return null;
        }

        double even = (double)counts.Sum() / counts.Length;
        var frame = new PlotFrame(
            $"usage-{level.Level}",
            new PlotAxis("codes, most used first", 0, counts.Length, Whole: true),
            new PlotAxis("items per code", 0, Math.Max(counts[0], even) * 1.08, Whole: true));
        (double[] xs, double[] ys) = Steps(counts);
        ScottPlot.Plottables.FillY area = frame.Plot.Add.FillY(xs, ys, new double[xs.Length]);
        area.FillColor = PlotColor.Area;
        area.LineWidth = 0;
        ScottPlot.Plottables.Scatter line = frame.Plot.Add.Scatter(xs, ys);
        line.Color = PlotColor.Line;
        line.LineWidth = 1.5f;
        line.MarkerSize = 0;
        ScottPlot.Plottables.Scatter reference = frame.Plot.Add.Scatter(new double[] { 0, counts.Length }, new[] { even, even });
        reference.Color = PlotColor.Reference;
        reference.LineWidth = 1.5f;
        reference.MarkerSize = 0;
        frame.AddNote(counts.Length, even, "end", $"even spread: {NumberText.Measure(even)}");
        int used = counts.Count(c => c > 0);
        return frame.Draw(
            $"Level {level.Level}: items per code, most used first",
            $"{NumberText.Count(used)} of {NumberText.Count(counts.Length)} codes are used. The most used code has "
            + $"{NumberText.Count(counts[0])} items, the median code {NumberText.Count(counts[counts.Length / 2])}; with an even "
            + $"spread, each would have {NumberText.Measure(even)}.");
    }

    // A staircase: the code of rank i covers [i, i + 1). Steps narrower than a pixel are omitted.
    private static (double[] Xs, double[] Ys) Steps(long[] counts)
    {
        var xs = new List<double>();
        var ys = new List<double>();
        double narrowest = (double)counts.Length / MostPoints;
        double from = 0;
        for (int i = 0; i < counts.Length; i++)
        {
            bool changes = i + 1 == counts.Length || counts[i + 1] != counts[i];
            if (changes && (i + 1 - from >= narrowest || i + 1 == counts.Length || xs.Count == 0))
            {
                xs.Add(from);
                ys.Add(counts[i]);
                xs.Add(i + 1);
                ys.Add(counts[i]);
                from = i + 1;
            }
        }

        return ([.. xs], [.. ys]);
    }
}
