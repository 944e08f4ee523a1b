using System.Xml.Linq;
using OneRec.Report.Model;
using OneRec.Report.Page;

namespace OneRec.Report.Plots;

/// <summary>Items per code, the busiest first, beside what an even spread would give.</summary>
internal static class UsagePlot
{
    private const int MostPoints = 500;

    /// <summary>The plot as SVG; null where nothing is known of a level's usage.</summary>
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
            new PlotAxis("codes, busiest first", 0, counts.Length, Whole: true),
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
        frame.Note(counts.Length, even, "end", $"even spread: {NumberText.Measure(even)}");
        int used = counts.Count(c => c > 0);
        return frame.Draw(
            $"Level {level.Level}: items per code, busiest first",
            $"{NumberText.Count(used)} of {NumberText.Count(counts.Length)} codes are used. The busiest has "
            + $"{NumberText.Count(counts[0])} items, the middle one {NumberText.Count(counts[counts.Length / 2])}; an even "
            + $"spread would give each {NumberText.Measure(even)}.");
    }

    // A staircase: code of rank i covers [i, i + 1). Steps narrower than a pixel are left out.
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
