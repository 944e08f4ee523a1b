namespace OneRec.Pipeline.Queries;

/// <summary>Finds what is text, quoted name or comment in SQL, without parsing it.</summary>
internal static class SqlScan
{
    /// <summary>The end of a text, a quoted name or a comment that starts here; the place itself if none does.</summary>
    public static int Skip(string sql, int at) => sql[at] switch
    {
        '\'' or '"' or '`' => Quoted(sql, at, sql[at]),
        '$' when Dollars(sql, at) is { } tag => EndOf(sql, at + tag.Length, tag),
        '-' when Follows(sql, at, "--") => EndOf(sql, at, "\n"),
        '/' when Follows(sql, at, "/*") => EndOf(sql, at + 2, "*/"),
        _ => at,
    };

    // The opening of a text between dollars: $$ or $tag$; null if it is none.
    private static string? Dollars(string sql, int at)
    {
        int end = WordEnd(sql, at + 1);
        return end < sql.Length && sql[end] == '$' ? sql[at..(end + 1)] : null;
    }

    /// <summary>The end of a text that starts with a quote. A quote inside is written twice: the text then seems to end and start again, which comes to the same.</summary>
    public static int Quoted(string sql, int at, char quote)
    {
        int end = sql.IndexOf(quote, at + 1);
        return end < 0 ? sql.Length : end + 1;
    }

    private static int EndOf(string sql, int at, string mark)
    {
        int end = sql.IndexOf(mark, at, StringComparison.Ordinal);
        return end < 0 ? sql.Length : end + mark.Length;
    }

    private static bool Follows(string sql, int at, string mark) => sql.AsSpan(at).StartsWith(mark, StringComparison.Ordinal);

    /// <summary>Whether a character is of a word.</summary>
    public static bool IsWord(char c) => char.IsLetterOrDigit(c) || c == '_';

    /// <summary>The end of a word.</summary>
    public static int WordEnd(string sql, int at)
    {
        while (at < sql.Length && IsWord(sql[at]))
        {
            at++;
        }

        return at;
    }
}
