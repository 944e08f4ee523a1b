using System.Xml.Linq;
using OneRec.Report.Markup;

namespace OneRec.Report.Page;

/// <summary>Numbers on the page: rounded as text, exact in the element's <c>value</c>.</summary>
internal static class Figure
{
    /// <summary>A count.</summary>
    public static XElement Count(long value) => Data(value, NumberText.Count(value));

    /// <summary>A measure, or "not measured".</summary>
    public static XElement Measure(double? value) => value is { } v ? Data(v, NumberText.Measure(v)) : Missing();

    /// <summary>A share in per cent, or "not measured".</summary>
    public static XElement Percent(double? share) => share is { } s ? Data(s, NumberText.Percent(s)) : Missing();

    /// <summary>A value that was not measured.</summary>
    public static XElement Missing() => Html.Tag("span.missing", "not measured");

    private static XElement Data(double value, string text) =>
        Html.Tag("data", Html.Attribute("value", NumberText.Exact(value)), text);
}
