using System.Text;
using System.Xml.Linq;

namespace OneRec.Report.Markup;

/// <summary>
/// Builds and writes HTML as a tree, so that text cannot become markup: all text and attribute values go through one
/// escape function. The output is HTML5 and also well-formed XML.
/// </summary>
internal static class Html
{
    private static readonly HashSet<string> Void = ["meta", "br", "col", "hr", "link", "img"];

    private static readonly HashSet<string> Lines =
    [
        "html", "head", "meta", "title", "style", "body", "header", "main", "footer", "nav", "section", "article", "div",
        "h1", "h2", "h3", "p", "ul", "li", "dl", "table", "caption", "thead", "tbody", "tr", "figure", "figcaption",
        "details", "summary", "svg",
    ];

    /// <summary>An element with classes: <c>Tag("td.n", ...)</c> is <c>td class="n"</c>.</summary>
    /// <param name="nameAndClasses">The element's name, followed by its classes, separated by dots.</param>
    /// <param name="content">Texts, elements, attributes, or sequences of these; null is ignored.</param>
    public static XElement Tag(string nameAndClasses, params object?[] content)
    {
        string[] parts = nameAndClasses.Split('.');
        return parts.Length == 1
            ? new XElement(parts[0], content)
            : new XElement(parts[0], Attribute("class", string.Join(' ', parts[1..])), content);
    }

    /// <summary>An attribute.</summary>
    public static XAttribute Attribute(string name, string value) => new(name, value);

    /// <summary>A column header cell.</summary>
    public static XElement Column(string nameAndClasses, params object?[] content) =>
        Tag(nameAndClasses, Attribute("scope", "col"), content);

    /// <summary>A row header cell.</summary>
    public static XElement Row(string nameAndClasses, params object?[] content) =>
        Tag(nameAndClasses, Attribute("scope", "row"), content);

    /// <summary>External text, such as a title: isolated in its text direction, and allowed to wrap anywhere.</summary>
    public static XElement Foreign(string text) => Tag("bdi", text);

    /// <summary>Writes the page with its document type.</summary>
    public static string Write(XElement root)
    {
        var text = new StringBuilder("<!DOCTYPE html>\n");
        Append(text, root);
        return text.ToString();
    }

    private static void Append(StringBuilder text, XElement element)
    {
        string name = element.Name.LocalName;
        text.Append('<').Append(name);
        foreach (XAttribute attribute in element.Attributes())
        {
            text.Append(' ').Append(attribute.Name.LocalName).Append("=\"");
            Escape(text, attribute.Value);
            text.Append('"');
        }

        if (Void.Contains(name))
        {
            text.Append("/>");
        }
        else
        {
            text.Append('>');
            foreach (XNode node in element.Nodes())
            {
                switch (node)
                {
                    case XElement child:
                        Append(text, child);
                        break;
                    case XText words when name == "style":
                        // HTML reads a style sheet raw, XML does not, so it must not contain characters that they read
                        // differently.
                        text.Append(RequirePlain(words.Value));
                        break;
                    case XText words:
                        Escape(text, words.Value);
                        break;
                    default:
                        throw new InvalidOperationException($"a page cannot contain a node of type {node.NodeType}");
                }
            }

            text.Append("</").Append(name).Append('>');
        }

        if (Lines.Contains(name))
        {
            text.Append('\n');
        }
    }

    private static string RequirePlain(string style) => style.AsSpan().IndexOfAny("<>&") < 0
        ? style
        : throw new InvalidOperationException("the style sheet must not contain <, > or &");

    // Characters that are invalid in XML or HTML (controls, lone surrogates, noncharacters) become U+FFFD.
    private static void Escape(StringBuilder text, string value)
    {
        foreach (Rune rune in value.EnumerateRunes())
        {
            switch (rune.Value)
            {
                case '&':
                    text.Append("&amp;");
                    break;
                case '<':
                    text.Append("&lt;");
                    break;
                case '>':
                    text.Append("&gt;");
                    break;
                case '"':
                    text.Append("&quot;");
                    break;
                case '\r':
                    text.Append("&#13;");
                    break;
                case '\t' or '\n':
                    text.Append((char)rune.Value);
                    break;
                case < 0x20 or (>= 0x7F and < 0xA0) or (>= 0xFDD0 and <= 0xFDEF):
                case var c when (c & 0xFFFE) == 0xFFFE:
                    text.Append('\uFFFD');
                    break;
                default:
                    text.Append(rune.ToString());
                    break;
            }
        }
    }
}
