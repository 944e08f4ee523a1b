namespace OneRec.Pipeline.Queries;

/// <summary>Cuts typed text into statements: each ends with a <c>;</c> that is in no text, quoted name or comment.</summary>
public static class SqlStatements
{
    /// <summary>The first statement, without its <c>;</c>.</summary>
    /// <param name="text">What was typed.</param>
    /// <param name="rest">What follows the statement; all of the text where there is none.</param>
    /// <returns>Null where no statement has ended yet.</returns>
    public static string? First(string text, out string rest)
    {
        ArgumentNullException.ThrowIfNull(text);
        for (int at = 0; at < text.Length;)
        {
            if (text[at] == ';')
            {
                rest = text[(at + 1)..];
                return text[..at];
            }

            int end = SqlScan.IsWord(text[at]) ? NameEnd(text, at) : SqlScan.Skip(text, at);
            at = Math.Max(end, at + 1);
        }

        rest = text;
        return null;
    }

    /// <summary>Whether a text has nothing but white space and comments.</summary>
    public static bool IsEmpty(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        for (int at = 0; at < text.Length;)
        {
            int end = text[at] is '-' or '/' ? SqlScan.Skip(text, at) : at;
            if (end == at && !char.IsWhiteSpace(text[at]))
            {
                return false;
            }

            at = Math.Max(end, at + 1);
        }

        return true;
    }

    // A $ inside a name starts no text.
    private static int NameEnd(string text, int at)
    {
        while (at < text.Length && (SqlScan.IsWord(text[at]) || text[at] == '$'))
        {
            at++;
        }

        return at;
    }
}
