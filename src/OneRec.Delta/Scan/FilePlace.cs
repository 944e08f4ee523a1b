using OneRec.Core;

namespace OneRec.Delta;

/// <summary>
/// Where the paths of a log lead (Delta protocol, "Add File and Remove File"). A path is a name, never a pattern, and only
/// files below the table's folder belong to a table.
/// </summary>
/// <param name="folder">The table's folder as given.</param>
internal sealed class FilePlace(string folder)
{
    private static readonly System.Buffers.SearchValues<char> SchemeCharacters =
        System.Buffers.SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+-.");

    private readonly string _root = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));
    private string? _realRoot;

    /// <summary>
    /// The full path that a path of the log names, without <c>.</c> and <c>..</c>: the same for all spellings of a file. Links
    /// are not followed, nothing is opened.
    /// </summary>
    /// <param name="path">As in the log: percent-encoded once, relative to the table's folder, or absolute.</param>
    /// <returns>Null for a URI of another store, or a text that no path can have.</returns>
    public string? TryResolve(string path)
    {
        string decoded = Uri.UnescapeDataString(path);
        if (path.Length == 0 || decoded.Contains('\0', StringComparison.Ordinal))
        {
            return null;
        }

        if (path[0] == '/')
        {
            return Path.GetFullPath(decoded);
        }

        // RFC 3986: a scheme is a letter, then letters, digits, '+', '-', '.', and a colon before any slash.
        int colon = path.IndexOf(':');
        if (colon <= 0 || !char.IsAsciiLetter(path[0]) || path.AsSpan(0, colon).IndexOfAnyExcept(SchemeCharacters) >= 0)
        {
            return Path.GetFullPath(decoded, _root);
        }

        // Hadoop writes file:/path for the file:///path of RFC 8089.
        string rest = decoded[(colon + 1)..];
        bool local = path.AsSpan(0, colon).Equals("file", StringComparison.OrdinalIgnoreCase)
            && rest.StartsWith('/')
            && (!rest.StartsWith("//", StringComparison.Ordinal) || rest.StartsWith("///", StringComparison.Ordinal));
        return local ? Path.GetFullPath("/" + rest.TrimStart('/')) : null;
    }

    /// <summary>The full path of a data file below the table's folder.</summary>
    /// <param name="path">As in the log.</param>
    /// <param name="name">Names the table and its version in errors.</param>
    /// <exception cref="OneRecException">
    /// Table error <c>delta.file-place</c>: the file is on another store, outside the table's folder, or in its log.
    /// </exception>
    public string Require(string path, string name)
    {
        if (TryResolve(path) is not { } full)
        {
            throw Refused(name, $"has the file {path}, which is not on a local disk; copy the table whole");
        }

        if (!RealPath.IsBelow(full, _root))
        {
            throw Refused(
                name,
                $"has the file {path}, which is outside the table's folder, as in a shallow clone; "
                + "copy the table whole (a deep clone)");
        }

        if (RealPath.IsBelow(full, Path.Combine(_root, LogPath.Folder)))
        {
            throw Refused(name, $"has the file {path}, which is in its log; rewrite the table");
        }

        return HasLink(full) && !StaysBelow(full)
            ? throw Refused(
                name, $"has the file {path}, a link that leads outside the table's folder; copy the file itself into the table")
            : full;
    }

    private static OneRecException Refused(string name, string what) => OneRecException.Table("delta.file-place", $"{name} {what}");

    /// <summary>Whether the file or a folder between it and the table's folder is a link.</summary>
    private bool HasLink(string full)
    {
        for (string at = full; at.Length > _root.Length; at = Path.GetDirectoryName(at)!)
        {
            if (new FileInfo(at).LinkTarget is not null)
            {
                return true;
            }
        }

        return false;
    }

    // A link that leads nowhere is a missing file, which is told when it is opened.
    private bool StaysBelow(string full)
    {
        if (OperatingSystem.IsWindows())
        {
            return false;
        }

        _realRoot ??= RealPath.Of(_root);
        return RealPath.Of(full) is not { } real || !Path.Exists(real) || (_realRoot is not null && RealPath.IsBelow(real, _realRoot));
    }
}
