using System.Text.RegularExpressions;
using OneRec.Core;

namespace OneRec.Engine.Local.DuckDb;

/// <summary>Paths for DuckDB's readers, which take every path as a pattern.</summary>
public static partial class DuckDbPaths
{
    private static readonly DuckDbDialect Dialect = new();

    /// <summary>Paths as literals in a list, each matching its own file and no other.</summary>
    public static string List(IEnumerable<string> paths) => string.Join(", ", paths.Select(p => Dialect.Text(Literal(p))));

    /// <summary>A pattern that matches one path: special characters become sets of one character.</summary>
    /// <remarks>
    /// A path without <c>*</c>, <c>?</c> and <c>[</c> is no pattern for DuckDB, and a backslash in it means itself. In a pattern
    /// a backslash separates folders, and nothing can stand for it.
    /// </remarks>
    /// <exception cref="OneRecException">Input error <c>input.file-name</c>: the path has a backslash and a special character.</exception>
    public static string Literal(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        if (path.AsSpan().IndexOfAny("*?[") < 0)
        {
            return path;
        }

        return path.Contains('\\', StringComparison.Ordinal)
            ? throw OneRecException.Input(
                "input.file-name", $"{path}: a name with a backslash and one of '*', '?', '[' cannot be read; rename the file or folder")
            : Special().Replace(path, m => $"[{m.Value}]");
    }

    [GeneratedRegex(@"[*?\[]")]
    private static partial Regex Special();
}
