using System.Buffers;
using System.Globalization;
using System.Text;

namespace OneRec.Cli.Output;

/// <summary>Text as it may be shown on a terminal or stand in a log: what would control either is written as an escape.</summary>
/// <remarks>
/// Ids, titles and paths are data of others. Raw, they could move the cursor, hide or fake lines, or reorder what is read
/// (CVE-2021-42574). JSON and CSV keep the data: programs read them.
/// </remarks>
internal static class Printable
{
    // C0, DEL and C1; the separators of lines and paragraphs; marks, embeddings, overrides and isolates of direction.
    private static readonly SearchValues<char> Controls = SearchValues.Create(
    [
        .. Range(0x00, 0x1F), .. Range(0x7F, 0x9F), .. Range(0x200E, 0x200F), '\u061C', .. Range(0x2028, 0x2029),
        .. Range(0x202A, 0x202E), .. Range(0x2066, 0x2069), '\uFEFF', .. Range(0xD800, 0xDFFF),
    ]);

    /// <summary>The text in one line: <c>\n</c>, <c>\r</c>, <c>\t</c>, and <c>\u001b</c> for other characters.</summary>
    public static string Line(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        int first = text.AsSpan().IndexOfAny(Controls);
        if (first < 0)
        {
            return text;
        }

        var shown = new StringBuilder(text, 0, first, text.Length + 16);
        for (int i = first; i < text.Length; i++)
        {
            char c = text[i];
            if (char.IsHighSurrogate(c) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]))
            {
                shown.Append(c).Append(text[++i]);
            }
            else if (Controls.Contains(c))
            {
                shown.Append(c switch
                {
                    '\n' => "\\n",
                    '\r' => "\\r",
                    '\t' => "\\t",
                    _ => string.Create(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}"),
                });
            }
            else
            {
                shown.Append(c);
            }
        }

        return shown.ToString();
    }

    /// <summary>Text of several lines, such as a stack trace: the lines stay, each as by <see cref="Line"/>.</summary>
    public static string Lines(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return string.Join('\n', text.ReplaceLineEndings("\n").Split('\n').Select(Line));
    }

    private static IEnumerable<char> Range(int first, int last) => Enumerable.Range(first, last - first + 1).Select(c => (char)c);
}
