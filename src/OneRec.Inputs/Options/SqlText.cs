namespace OneRec.Inputs.Options;

/// <summary>Checks the shape of an SQL expression from the user, without parsing it.</summary>
internal static class SqlText
{
    /// <summary>Why a text is not one expression; null if nothing is wrong.</summary>
    /// <remarks>A first check: it gives a clear message and keeps a text from ending the SELECT around it. The engine has the final say.</remarks>
    public static string? Problem(string sql)
    {
        Scan scan = Read(sql);
        return scan.Unclosed is { } what ? $"its {what} is never closed"
            : scan.Semicolon ? "it has a semicolon"
            : scan.Depth != 0 || scan.ClosesUnopened ? "its brackets do not match"
            : null;
    }

    /// <summary>Splits a predicate into the conjuncts that AND joins at its top level.</summary>
    /// <returns>The whole predicate if it cannot be split safely.</returns>
    public static IReadOnlyList<string> Conjuncts(string predicate)
    {
        Scan scan = Read(predicate);
        if (scan.Unclosed is not null || scan.Depth != 0 || scan.ClosesUnopened || scan.IsAmbiguous || scan.Semicolon)
        {
            return [predicate];
        }

        var parts = new List<string>();
        int from = 0;
        int cases = 0;
        bool between = false;
        foreach ((int at, string word) in scan.TopWords)
        {
            switch (word)
            {
                case "OR":
                    if (cases == 0)
                    {
                        return [predicate];
                    }

                    break;
                case "CASE":
                    cases++;
                    break;
                case "END":
                    cases--;
                    break;
                case "BETWEEN" when cases == 0:
                    between = true;
                    break;
                case "AND" when cases == 0 && between:
                    between = false;
                    break;
                case "AND" when cases == 0:
                    parts.Add(predicate[from..at].Trim());
                    from = at + word.Length;
                    break;
            }
        }

        parts.Add(predicate[from..].Trim());
        return parts.Any(p => p.Length == 0) ? [predicate] : parts;
    }

    private static Scan Read(string sql)
    {
        var scan = new Scan();
        for (int i = 0; i < sql.Length; i++)
        {
            char c = sql[i];
            switch (c)
            {
                case '\'' or '"' or '`':
                    int close = sql.IndexOf(c, i + 1);
                    if (close < 0)
                    {
                        scan.Unclosed = "quote";
                        return scan;
                    }

                    // Engines differ in the meaning of a backslash before a quote.
                    scan.IsAmbiguous |= sql.AsSpan(i, close - i).Contains('\\');
                    i = close;
                    break;
                case '-' when Next(sql, i) == '-':
                    i = sql.IndexOf('\n', i) is >= 0 and int line ? line : sql.Length;
                    break;
                case '/' when Next(sql, i) == '*':
                    int end = sql.IndexOf("*/", i + 2, StringComparison.Ordinal);
                    if (end < 0)
                    {
                        scan.Unclosed = "comment";
                        return scan;
                    }

                    i = end + 1;
                    break;
                case '(' or '[' or '{':
                    scan.Depth++;
                    break;
                case ')' or ']' or '}':
                    scan.Depth--;
                    scan.ClosesUnopened |= scan.Depth < 0;
                    break;
                case ';':
                    scan.Semicolon = true;
                    break;
                case '$':
                    scan.IsAmbiguous = true;
                    break;
                default:
                    if (char.IsLetter(c))
                    {
                        int from = i;
                        while (i + 1 < sql.Length && (char.IsLetterOrDigit(sql[i + 1]) || sql[i + 1] == '_'))
                        {
                            i++;
                        }

                        if (scan.Depth == 0 && (from == 0 || sql[from - 1] is not ('_' or '.')))
                        {
                            scan.TopWords.Add((from, sql[from..(i + 1)].ToUpperInvariant()));
                        }
                    }

                    break;
            }
        }

        return scan;
    }

    private static char Next(string sql, int i) => i + 1 < sql.Length ? sql[i + 1] : '\0';

    private sealed class Scan
    {
        public List<(int At, string Word)> TopWords { get; } = [];

        public int Depth { get; set; }

        public bool ClosesUnopened { get; set; }

        public bool Semicolon { get; set; }

        public bool IsAmbiguous { get; set; }

        public string? Unclosed { get; set; }
    }
}
