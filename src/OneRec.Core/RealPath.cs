namespace OneRec.Core;

/// <summary>Paths with symbolic links followed.</summary>
public static class RealPath
{
    // As in Linux: more links in one path are a loop.
    private const int MaxLinks = 40;

    /// <summary>
    /// The path with all symbolic links followed as the system does: one name after another, a link in place of its name, and
    /// <c>..</c> from where a link led. Nothing need be there.
    /// </summary>
    /// <param name="path">A rooted path.</param>
    /// <returns>Null if the links form a loop.</returns>
    public static string? Of(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        string root = Path.GetPathRoot(path)!;
        string at = root;
        var names = new Stack<string>(path[root.Length..].Split(Path.DirectorySeparatorChar).Reverse());
        for (int links = 0; names.TryPop(out string? name);)
        {
            if (name is "" or ".")
            {
                continue;
            }

            string next = name == ".." ? Path.GetDirectoryName(at) ?? root : Path.Combine(at, name);
            string? target = name == ".." ? null : new FileInfo(next).LinkTarget;
            if (target is null)
            {
                at = next;
                continue;
            }

            if (++links > MaxLinks)
            {
                return null;
            }

            at = Path.IsPathRooted(target) ? root : at;
            foreach (string part in target.Split(Path.DirectorySeparatorChar).Reverse())
            {
                names.Push(part);
            }
        }

        return at;
    }

    /// <summary>Whether a path lies in a folder, at any depth. Links are not followed.</summary>
    /// <param name="path">A full path.</param>
    /// <param name="folder">A full path.</param>
    public static bool IsBelow(string path, string folder)
    {
        ArgumentNullException.ThrowIfNull(path);
        ArgumentNullException.ThrowIfNull(folder);
        return path.StartsWith(Path.EndsInDirectorySeparator(folder) ? folder : folder + Path.DirectorySeparatorChar, StringComparison.Ordinal);
    }
}
