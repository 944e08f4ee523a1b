namespace OneRec.Inputs.Columns;

/// <summary>Finds column names in SQL from the user.</summary>
public static class SqlIdentifiers
{
    private static readonly HashSet<string> Keywords = new(StringComparer.OrdinalIgnoreCase)
    {
        "all", "and", "any", "as", "asc", "between", "both", "by", "case", "cast", "cross", "current_date", "current_time", "current_timestamp",
        "date", "desc", "distinct", "else", "end", "except", "exists", "false", "fetch", "filter", "for", "from", "full", "group", "having", "in",
        "inner", "intersect", "interval", "into", "is", "join", "lateral", "left", "like", "limit", "not", "null", "offset", "on", "or", "order",
        "outer", "over", "right", "select", "some", "table", "then", "time", "timestamp", "to", "true", "union", "unique", "user", "using", "values",
        "when", "where", "window", "with",
    };

    /// <summary>Columns whose names occur in an expression as whole words, in any letter case.</summary>
    /// <remarks>A name inside a string literal counts too; that only costs a cast.</remarks>
    public static IEnumerable<string> Columns(string? expression, IEnumerable<string> columns) =>
        expression is null ? [] : columns.Where(column => Mentions(expression, column));

    /// <summary>Whether an expression is a plain identifier.</summary>
    public static bool IsName(string expression) =>
        expression.Length > 0
        && (char.IsLetter(expression[0]) || expression[0] == '_')
        && expression.All(IsWordCharacter);

    /// <summary>Whether a name has a meaning in an expression of SQL, so that a column of this name must be quoted.</summary>
    public static bool IsKeyword(string name) => Keywords.Contains(name);

    private static bool Mentions(string expression, string column)
    {
        for (int at = Find(0); at >= 0; at = Find(at + 1))
        {
            bool begins = at == 0 || !IsWordCharacter(expression[at - 1]) || !IsWordCharacter(column[0]);
            int end = at + column.Length;
            bool ends = end == expression.Length || !IsWordCharacter(expression[end]) || !IsWordCharacter(column[^1]);
            if (begins && ends)
            {
                return true;
            }
        }

        return false;

        int Find(int from) => expression.IndexOf(column, from, StringComparison.OrdinalIgnoreCase);
    }

    private static bool IsWordCharacter(char c) => char.IsLetterOrDigit(c) || c == '_';
}
