using System.Text;
using System.Text.RegularExpressions;

namespace OneRec.Inputs.Files;

/// <summary>Finds paths by pattern: <c>*</c> and <c>?</c> within a name, <c>[ab]</c>, <c>[!ab]</c>, <c>{a,b}</c>, <c>**</c> any depth.</summary>
/// <remarks>Names that start with <c>.</c> or <c>_</c> are matched only by a pattern that starts with the same character, as in a shell.</remarks>
internal static class Glob
{
    private static readonly System.Buffers.SearchValues<char> Wild = System.Buffers.SearchValues.Create("*?[]{}");

    /// <summary>Whether a path contains pattern characters.</summary>
    public static bool IsPattern(string path) => path.AsSpan().ContainsAny(Wild);

    /// <summary>The folder above the first path segment with a pattern.</summary>
    public static string Base(string pattern)
    {
        string[] parts = pattern.Split('/');
        string folder = string.Join('/', parts.TakeWhile(p => !IsPattern(p)));
        return folder.Length == 0 ? "/" : folder;
    }

    /// <summary>Files and folders that match, in lexicographic order.</summary>
    /// <param name="store">The file system.</param>
    /// <param name="pattern">A full path with patterns.</param>
    public static IReadOnlyList<string> Match(IInputStore store, string pattern)
    {
        string folder = Base(pattern);
        string[] parts = pattern[folder.Length..].Split('/', StringSplitOptions.RemoveEmptyEntries);
        var found = new SortedSet<string>(StringComparer.Ordinal);
        Walk(store, folder, parts, found);
        return [.. found];
    }

    private static void Walk(IInputStore store, string at, ReadOnlySpan<string> parts, SortedSet<string> found)
    {
        if (parts.Length == 0)
        {
            found.Add(at);
            return;
        }

        if (store.Find(at) is not { IsFolder: true })
        {
            return;
        }

        if (parts[0] == "**")
        {
            Walk(store, at, parts[1..], found);
            // As in a shell, links are not followed: they can form loops.
            foreach (StoredFile inner in store.List(at).Where(e => e is { IsFolder: true, IsLink: false } && e.Name[0] is not ('.' or '_')))
            {
                Walk(store, Path.Combine(at, inner.Name), parts, found);
            }

            return;
        }

        if (!IsPattern(parts[0]))
        {
            string next = Path.Combine(at, parts[0]);
            if (store.Find(next) is not null)
            {
                Walk(store, next, parts[1..], found);
            }

            return;
        }

        var regex = new Regex(ToRegex(parts[0]), RegexOptions.CultureInvariant | RegexOptions.Singleline);
        bool hidden = parts[0][0] is '.' or '_';
        foreach (string name in store.List(at).Select(e => e.Name))
        {
            if (regex.IsMatch(name) && (hidden || name[0] is not ('.' or '_')))
            {
                Walk(store, Path.Combine(at, name), parts[1..], found);
            }
        }
    }

    // An incomplete construct, such as an unclosed bracket, is literal.
    private static string ToRegex(string part)
    {
        var regex = new StringBuilder(@"\A");
        int braces = 0;
        for (int i = 0; i < part.Length; i++)
        {
            switch (part[i])
            {
                case '*':
                    regex.Append(".*");
                    break;
                case '?':
                    regex.Append('.');
                    break;
                case '[' when part.IndexOf(']', i + 1) is > 0 and int close && close > i + 1:
                    string set = part[(i + 1)..close].Replace(@"\", @"\\", StringComparison.Ordinal);
                    regex.Append('[').Append(set[0] is '!' or '^' ? "^" + set[1..] : set).Append(']');
                    i = close;
                    break;
                case '{' when part.IndexOf('}', i) > 0:
                    regex.Append("(?:");
                    braces++;
                    break;
                case '}' when braces > 0:
                    regex.Append(')');
                    braces--;
                    break;
                case ',' when braces > 0:
                    regex.Append('|');
                    break;
                default:
                    regex.Append(Regex.Escape(part[i].ToString()));
                    break;
            }
        }

        return regex.Append(@"\z").ToString();
    }
}
