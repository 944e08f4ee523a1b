namespace OneRec.Export.Formats;

/// <summary>How codes are written as tokens of a vocabulary.</summary>
internal static class Tokens
{
    /// <summary>The letter of a level: a, b, c; slots have the letter after the last level.</summary>
    public static char Letter(int level) => (char)('a' + level);

    /// <summary>The token of a code, such as <c>&lt;a_12&gt;</c>: as LC-Rec, LETTER and MiniOneRec write it.</summary>
    public static string Of(int level, int code) => $"<{Letter(level)}_{code}>";

    /// <summary>All tokens, level by level, whether or not an item has them: a vocabulary that new items do not change.</summary>
    /// <param name="sizes">Number of codes of each level.</param>
    /// <param name="token">The token of a level and a code.</param>
    public static IEnumerable<string> All(IReadOnlyList<int> sizes, Func<int, int, string> token) =>
        sizes.SelectMany((size, level) => Enumerable.Range(0, size).Select(code => token(level, code)));
}
