using ScottPlot;

namespace OneRec.Report.Plots;

/// <summary>
/// Roles of a plot's strokes and fills. ScottPlot draws each in a colour of its own that stands for the role; the page's
/// style sheet gives the real one by class, so that a plot follows the light or dark scheme and the printer.
/// </summary>
internal static class PlotColor
{
    /// <summary>The data's line.</summary>
    public static readonly Color Line = Color.FromHex("#010203");

    /// <summary>The area under it.</summary>
    public static readonly Color Area = Color.FromHex("#010204");

    /// <summary>What the data are compared with.</summary>
    public static readonly Color Reference = Color.FromHex("#010205");

    /// <summary>Grid lines.</summary>
    public static readonly Color Grid = Color.FromHex("#010206");

    /// <summary>Axis lines and tick marks.</summary>
    public static readonly Color Frame = Color.FromHex("#010207");

    /// <summary>The class of a role, by the colour as ScottPlot writes it in SVG; null for no role of ours.</summary>
    public static string? RoleOf(string svgColor) => svgColor.ToUpperInvariant() switch
    {
        "#010203" => "line",
        "#010204" => "area",
        "#010205" => "reference",
        "#010206" => "grid",
        "#010207" => "frame",
        _ => null,
    };
}
