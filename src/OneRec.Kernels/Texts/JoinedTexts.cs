using System.Text;

namespace OneRec.Kernels.Texts;

/// <summary>Texts in one text, a line each: a line break within a text is escaped, so that they are the same when split.</summary>
public static class JoinedTexts
{
    /// <summary>Splits what <see cref="JoinTextsKernel.CallLines"/> joined.</summary>
    public static IReadOnlyList<string> Split(string joined)
    {
        ArgumentNullException.ThrowIfNull(joined);
        return [.. joined.Split('\n').Select(Unescaped)];
    }

    /// <summary>A text without line breaks: <c>\n</c> for one, and <c>\\</c> for a backslash.</summary>
    internal static ReadOnlySpan<byte> Escaped(ReadOnlySpan<byte> text)
    {
        if (text.IndexOfAny((byte)'\n', (byte)'\\') < 0)
        {
            return text;
        }

        var escaped = new List<byte>(text.Length + 8);
        foreach (byte value in text)
        {
            escaped.AddRange(value switch { (byte)'\n' => "\\n"u8, (byte)'\\' => "\\\\"u8, _ => [value] });
        }

        return escaped.ToArray();
    }

    private static string Unescaped(string line)
    {
        if (!line.Contains('\\', StringComparison.Ordinal))
        {
            return line;
        }

        var text = new StringBuilder(line.Length);
        for (int i = 0; i < line.Length; i++)
        {
            bool escape = line[i] == '\\' && i + 1 < line.Length;
            text.Append(!escape ? line[i] : line[++i] == 'n' ? '\n' : line[i]);
        }

        return text.ToString();
    }
}
