using System.Globalization;

namespace OneRec.Report.Markup;

/// <summary>Numbers formatted for people: counts in full, measures with three significant digits.</summary>
internal static class NumberText
{
    /// <summary>A no-break space between a number and its unit.</summary>
    private const char Space = '\u00A0';

    /// <summary>A count in full with thousands separators: <c>9,125</c>.</summary>
    public static string Count(long value) => value.ToString("N0", CultureInfo.InvariantCulture);

    /// <summary>Three significant digits: <c>0.0912</c>, <c>12.3</c>, <c>1,230</c>, <c>4.56e-7</c>.</summary>
    public static string Measure(double value)
    {
        if (!double.IsFinite(value))
        {
            return double.IsNaN(value) ? "not a number" : value > 0 ? "infinite" : "minus infinite";
        }

        if (value == 0)
        {
            return "0";
        }

        string scientific = value.ToString("E2", CultureInfo.InvariantCulture);
        int mark = scientific.IndexOf('E', StringComparison.Ordinal);
        int exponent = int.Parse(scientific.AsSpan(mark + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        if (exponent is < -4 or > 14)
        {
            return $"{scientific[..mark]}e{exponent}";
        }

        double rounded = double.Parse(scientific, CultureInfo.InvariantCulture);
        return rounded.ToString("N" + Math.Max(0, 2 - exponent), CultureInfo.InvariantCulture);
    }

    /// <summary>A share in per cent: <c>98.4 %</c>. A share below 1 is never shown as 100 %.</summary>
    /// <param name="share">Usually 0 to 1.</param>
    public static string Percent(double share)
    {
        string text = Measure(share * 100);
        string shown = share < 1 && text == "100" ? "over 99.9" : text;
        return shown + Space + "%";
    }

    /// <summary>A duration: <c>85 ms</c>, <c>12.3 s</c>, <c>3 min 20 s</c>, <c>2 h 5 min</c>.</summary>
    public static string Seconds(double seconds)
    {
        if (seconds < 1)
        {
            return Measure(Math.Round(seconds * 1000)) + Space + "ms";
        }

        if (seconds < 120)
        {
            return Measure(seconds) + Space + "s";
        }

        long whole = (long)Math.Round(seconds);
        return whole < 7200
            ? $"{whole / 60}{Space}min {whole % 60}{Space}s"
            : $"{Count(whole / 3600)}{Space}h {whole % 3600 / 60}{Space}min";
    }

    /// <summary>A UTC time to the minute: <c>2026-11-24 18:47 UTC</c>.</summary>
    public static string Moment(DateTimeOffset moment) =>
        moment.UtcDateTime.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture) + Space + "UTC";

    /// <summary>The exact value of a number, for the <c>value</c> of a <c>data</c> element.</summary>
    public static string Exact(double value) => value.ToString("R", CultureInfo.InvariantCulture);
}
