using System.Globalization;

namespace OneRec.Export.Files;

/// <summary>
/// JSON strings in ASCII, as Python's <c>json.dump</c> writes them by default: programs that open a file in the encoding of
/// their system read all scripts right.
/// </summary>
internal static class AsciiJson
{
    /// <summary>Writes a text as a JSON string, with quotes.</summary>
    public static void WriteString(TextWriter writer, ReadOnlySpan<char> text)
    {
        writer.Write('"');
        foreach (char c in text)
        {
            switch (c)
            {
                case '"' or '\\':
                    writer.Write('\\');
                    writer.Write(c);
                    break;
                case '\n':
                    writer.Write("\\n");
                    break;
                case '\t':
                    writer.Write("\\t");
                    break;
                case >= ' ' and <= '~':
                    writer.Write(c);
                    break;
                default:
                    writer.Write("\\u");
                    writer.Write(((int)c).ToString("x4", CultureInfo.InvariantCulture));
                    break;
            }
        }

        writer.Write('"');
    }
}
