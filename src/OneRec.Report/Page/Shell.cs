using System.Xml.Linq;
using OneRec.Report.Markup;

namespace OneRec.Report.Page;

/// <summary>What every page has around its content: no external resources, no scripts; light and dark, printable.</summary>
internal static class Shell
{
    /// <summary>Writes a page. The same content gives the same bytes on every machine.</summary>
    /// <param name="title">Its title.</param>
    /// <param name="fingerprint">64 hex digits that tell pages of ours from other files.</param>
    /// <param name="product">What made it.</param>
    /// <param name="body">Header, main and footer.</param>
    /// <returns>HTML5 that is also well-formed XML.</returns>
    public static string Write(string title, string fingerprint, string product, params object?[] body) => Html.Write(Html.Tag(
        "html",
        Html.Attribute("lang", "en"),
        Html.Tag(
            "head",
            Html.Tag("meta", Html.Attribute("charset", "utf-8")),
            Meta("onerec-fingerprint", fingerprint),
            Html.Tag("title", title),
            Html.Tag(
                "meta",
                Html.Attribute("http-equiv", "Content-Security-Policy"),
                Html.Attribute("content", "default-src 'none'; style-src 'unsafe-inline'")),
            Meta("viewport", "width=device-width, initial-scale=1"),
            Meta("color-scheme", "light dark"),
            Meta("generator", product),
            Html.Tag("style", StyleSheet())),
        Html.Tag("body", body)));

    /// <summary>Links to the sections of a page.</summary>
    /// <param name="sections">Ids and titles; null is ignored.</param>
    public static XElement Contents(params (string Id, string Title)?[] sections) => Html.Tag(
        "nav",
        Html.Attribute("aria-label", "Sections"),
        Html.Tag(
            "ul",
            sections.Where(s => s is not null).Select(s =>
                Html.Tag("li", Html.Tag("a", Html.Attribute("href", "#" + s!.Value.Id), s.Value.Title)))));

    private static XElement Meta(string name, string content) =>
        Html.Tag("meta", Html.Attribute("name", name), Html.Attribute("content", content));

    private static string StyleSheet()
    {
        using Stream sheet = typeof(Shell).Assembly.GetManifestResourceStream("OneRec.Report.Page.page.css")!;
        using var reader = new StreamReader(sheet);
        return "\n" + reader.ReadToEnd();
    }
}
