namespace OneRec.Inputs.Columns;

/// <summary>Finds column names in SQL from the user.</summary>
public static class SqlIdentifiers
{
    /// <summary>Columns whose names occur in an expression as whole words, in any letter case.</summary>
    /// <remarks>A name inside a string literal counts too; that only costs a cast.</remarks>
    public static IEnumerable<string> Columns(string? expression, IEnumerable<string> columns) =>
        expression is null ? [] : columns.Where(column => Mentions(expression, column));

    /// <summary>Whether an expression is a plain identifier.</summary>
    public static bool IsName(string expression) =>
        expression.Length > 0
        && (char.IsLetter(expression[0]) || expression[0] == '_')
        && expression.All(IsWordCharacter);

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
