using System.Globalization;
using System.Xml.Linq;
using OneRec.Report.Markup;

namespace OneRec.Report.Page;

/// <summary>A bar that illustrates a share; the exact number is next to it.</summary>
internal static class Bar
{
    /// <summary>Draws a bar; null if the share is unknown.</summary>
    /// <param name="share">0 to 1.</param>
    public static XElement? Of(double? share) => share is not { } s || !double.IsFinite(s)
        ? null
        : Html.Tag(
            "span.bar",
            Html.Attribute("aria-hidden", "true"),
            Html.Tag(
                "span",
                Html.Attribute("style", string.Create(CultureInfo.InvariantCulture, $"width:{Math.Clamp(s, 0, 1) * 100:0.#}%"))));
}
