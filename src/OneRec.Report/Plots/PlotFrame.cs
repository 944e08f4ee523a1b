using System.Globalization;
using System.Xml.Linq;
using OneRec.Report.Markup;
using ScottPlot;

namespace OneRec.Report.Plots;

/// <summary>
/// A ScottPlot plot with a fixed frame, written as inline SVG. ScottPlot draws the lines; all text is written here as
/// SVG text in the page's font, at positions that depend only on the frame. No fonts are measured, so the same numbers
/// give the same bytes on every machine.
/// </summary>
internal sealed class PlotFrame
{
    private const int Width = 400;
    private const int Height = 210;
    private const int Left = 58;
    private const int Right = 12;
    private const int Top = 12;
    private const int Bottom = 42;

    private readonly string _id;
    private readonly PlotAxis _x;
    private readonly PlotAxis _y;
    private readonly List<XElement> _notes = [];

    /// <summary>Creates an empty plot.</summary>
    /// <param name="id">Prefix of all ids in the plot; unique within the page.</param>
    /// <param name="x">The horizontal axis.</param>
    /// <param name="y">The vertical axis.</param>
    public PlotFrame(string id, PlotAxis x, PlotAxis y)
    {
        (_id, _x, _y) = (id, x, y);
        XTicks = NiceTicks.Between(x.Low, x.High, 5, x.Whole);
        YTicks = NiceTicks.Between(y.Low, y.High, 4, y.Whole);
        Plot.FigureBackground.Color = Colors.Transparent;
        Plot.DataBackground.Color = Colors.Transparent;
        Plot.Axes.SetLimits(x.Low, x.High, y.Low, y.High);
        Plot.Axes.Bottom.TickGenerator = Ticks(XTicks);
        Plot.Axes.Left.TickGenerator = Ticks(YTicks);
        Plot.Axes.Color(PlotColor.Frame);
        Plot.Axes.Top.IsVisible = false;
        Plot.Axes.Right.IsVisible = false;
        Plot.Axes.Left.FrameLineStyle.IsVisible = false;
        Plot.Axes.Left.MajorTickStyle.Length = 0;
        Plot.Grid.MajorLineColor = PlotColor.Grid;
        Plot.Grid.XAxisStyle.IsVisible = false;
        Plot.Layout.Fixed(new PixelPadding(Left, Right, Bottom, Top));
    }

    /// <summary>The ScottPlot plot to draw on.</summary>
    public Plot Plot { get; } = new();

    /// <summary>Ticks of the horizontal axis.</summary>
    public NiceTicks XTicks { get; }

    /// <summary>Ticks of the vertical axis.</summary>
    public NiceTicks YTicks { get; }

    /// <summary>Adds a text to the plot.</summary>
    /// <param name="x">Horizontal position in data units.</param>
    /// <param name="y">Vertical position in data units; the text is placed above it.</param>
    /// <param name="anchor">The part of the text at the position: <c>start</c>, <c>middle</c> or <c>end</c>.</param>
    /// <param name="text">The text.</param>
    public void AddNote(double x, double y, string anchor, string text) =>
        _notes.Add(Text("note", PixelX(x), PixelY(y) - 5, anchor, text));

    /// <summary>Draws the plot as SVG, with a title and a description for screen readers.</summary>
    /// <param name="title">What the plot shows.</param>
    /// <param name="description">The main values in words.</param>
    public XElement Draw(string title, string description)
    {
        string titleId = _id + "-title";
        string descriptionId = _id + "-description";
        XElement drawn = XElement.Parse(Plot.GetSvgXml(Width, Height));
        int clips = 0;
        foreach (XElement clip in drawn.Descendants().Where(e => e.Name.LocalName == "clipPath").ToArray())
        {
            // ScottPlot numbers clip paths across the whole process.
            string old = clip.Attribute("id")!.Value;
            string name = $"{_id}-clip-{clips++}";
            clip.SetAttributeValue("id", name);
            foreach (XAttribute use in drawn.Descendants().Attributes("clip-path").Where(a => a.Value == $"url(#{old})"))
            {
                use.Value = $"url(#{name})";
            }
        }

        return Html.Tag(
            "svg.plot",
            Html.Attribute("viewBox", $"0 0 {Width} {Height}"),
            Html.Attribute("role", "img"),
            Html.Attribute("aria-labelledby", $"{titleId} {descriptionId}"),
            Html.Tag("title", Html.Attribute("id", titleId), title),
            Html.Tag("desc", Html.Attribute("id", descriptionId), description),
            drawn.Elements().Select(Convert),
            XTicks.Values.Zip(XTicks.Labels, (v, label) => Text("tick", PixelX(v), Height - Bottom + 17, "middle", label)),
            YTicks.Values.Zip(YTicks.Labels, (v, label) => Text("tick", Left - 7, PixelY(v) + 4, "end", label)),
            Text("axis", Left + ((Width - Left - Right) / 2.0), Height - 6, "middle", _x.Title),
            Vertical(_y.Title),
            _notes);
    }

    private static ScottPlot.TickGenerators.NumericManual Ticks(NiceTicks ticks) =>
        new([.. ticks.Values], [.. ticks.Values.Select(_ => "")]);

    // Drops the SVG namespace (HTML parsers know the content of svg) and replaces colours by classes.
    private static XElement Convert(XElement drawn)
    {
        var classes = new List<string>();
        var attributes = new List<XAttribute>();
        foreach (XAttribute attribute in drawn.Attributes().Where(a => !a.IsNamespaceDeclaration))
        {
            string name = attribute.Name.LocalName;
            string? role = name is "stroke" or "fill" ? PlotColor.RoleOf(attribute.Value) : null;
            if (role is not null)
            {
                classes.Add($"{name}-{role}");
            }
            else if (name is not "stroke-miterlimit")
            {
                attributes.Add(Html.Attribute(name, attribute.Value));
            }
        }

        return new XElement(
            drawn.Name.LocalName,
            classes.Count == 0 ? null : Html.Attribute("class", string.Join(' ', classes)),
            attributes,
            drawn.Elements().Select(Convert));
    }

    private static XElement Text(string role, double x, double y, string anchor, string words) => Html.Tag(
        "text." + role,
        Html.Attribute("x", Number(x)),
        Html.Attribute("y", Number(y)),
        Html.Attribute("text-anchor", anchor),
        words);

    private static XElement Vertical(string words)
    {
        double y = Top + ((Height - Top - Bottom) / 2.0);
        XElement text = Text("axis", 12, y, "middle", words);
        text.SetAttributeValue("transform", $"rotate(-90 12 {Number(y)})");
        return text;
    }

    private static string Number(double pixels) => Math.Round(pixels, 1).ToString(CultureInfo.InvariantCulture);

    private double PixelX(double x) => Left + ((x - _x.Low) / (_x.High - _x.Low) * (Width - Left - Right));

    private double PixelY(double y) => Height - Bottom - ((y - _y.Low) / (_y.High - _y.Low) * (Height - Top - Bottom));
}
