using ScottPlot;

namespace OneRec.Report.Plots;

/// <summary>
/// Roles of a plot's strokes and fills. ScottPlot draws each role in its own placeholder colour; the page's style sheet
/// sets the real colour by class, so that plots follow the light, dark and print schemes.
/// </summary>
internal static class PlotColor
{
    /// <summary>The line of the data.</summary>
    public static readonly Color Line = Color.FromHex("#010203");

    /// <summary>The area under the line.</summary>
    public static readonly Color Area = Color.FromHex("#010204");

    /// <summary>The reference that the data are compared with.</summary>
    public static readonly Color Reference = Color.FromHex("#010205");

    /// <summary>Grid lines.</summary>
    public static readonly Color Grid = Color.FromHex("#010206");

    /// <summary>Axis lines and tick marks.</summary>
    public static readonly Color Frame = Color.FromHex("#010207");

    /// <summary>The role of a colour as ScottPlot writes it in SVG; null if it is not a placeholder colour.</summary>
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
