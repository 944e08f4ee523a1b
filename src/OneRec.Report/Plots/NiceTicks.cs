using System.Globalization;

namespace OneRec.Report.Plots;

/// <summary>
/// Round numbers along an axis, computed without measuring text, so that they are equal on every machine.
/// </summary>
/// <param name="Values">The tick values, ascending, at least one, all within the axis.</param>
/// <param name="Labels">One label per value, all with the same number of decimals.</param>
internal sealed record NiceTicks(IReadOnlyList<double> Values, IReadOnlyList<string> Labels)
{
    /// <summary>About <paramref name="wanted"/> ticks at multiples of 1, 2 or 5 times a power of ten.</summary>
    /// <param name="low">The lower end of the axis.</param>
    /// <param name="high">The upper end, above <paramref name="low"/>.</param>
    /// <param name="wanted">
    /// The wanted number of ticks, at least 2; the result has between half and twice as many.
    /// </param>
    /// <param name="whole">Whether to use whole numbers only.</param>
    public static NiceTicks Between(double low, double high, int wanted, bool whole = false)
    {
        if (!(high > low) || !double.IsFinite(high - low))
        {
            throw new ArgumentException($"an axis cannot go from {low} to {high}", nameof(high));
        }

        double rough = (high - low) / wanted;
        double power = Math.Pow(10, Math.Floor(Math.Log10(rough)));
        double step = power * ((rough / power) switch { < 1.5 => 1, < 3.5 => 2, < 7.5 => 5, _ => 10 });
        step = whole ? Math.Max(1, step) : step;
        int decimals = Math.Max(0, -(int)Math.Floor(Math.Log10(step) + 1e-9));
        var values = new List<double>();
        for (double i = Math.Ceiling((low / step) - 1e-9); (i * step) <= high + (step * 1e-9); i++)
        {
            // Adding zero turns -0 into 0, which has no sign as text.
            values.Add(Math.Clamp(i * step, low, high) + 0.0);
        }

        if (values.Count == 0)
        {
            values.Add(low);
        }

        return new NiceTicks(values, [.. values.Select(v => Label(v, decimals))]);
    }

    private static string Label(double value, int decimals) => decimals > 6
        ? value.ToString("0.##E+0", CultureInfo.InvariantCulture)
        : value.ToString("N" + decimals, CultureInfo.InvariantCulture);
}
