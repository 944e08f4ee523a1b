namespace OneRec.Inputs.Files;

/// <summary>The files below a folder, each once: a link to a folder or file that was already found adds nothing.</summary>
/// <remarks>
/// Real folders and files come before links, so that a file keeps its own name. A link that leads out of the folder is
/// followed. Names that start with <c>.</c> or <c>_</c> are left out, as Hadoop does.
/// </remarks>
internal static class FolderWalk
{
    // As in Linux: more links in one path are a loop.
    private const int MostLinks = 40;

    /// <summary>Full paths of the files, in no order.</summary>
    public static IReadOnlyList<string> Files(string folder)
    {
        var files = new List<string>();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var links = new Queue<string>();
        Walk(folder, files, seen, links);
        while (links.TryDequeue(out string? link))
        {
            if (Directory.Exists(link))
            {
                Walk(link, files, seen, links);
            }
            else if (seen.Add(RealPath(link)))
            {
                // A link to nothing is listed too: reading it names it.
                files.Add(link);
            }
        }

        return files;
    }

    /// <summary>Distinct files by their real paths; the first of several names stays.</summary>
    public static IEnumerable<string> Distinct(IEnumerable<string> files) => files.DistinctBy(RealPath, StringComparer.Ordinal);

    private static void Walk(string folder, List<string> files, HashSet<string> seen, Queue<string> links)
    {
        if (!seen.Add(RealPath(folder)))
        {
            return;
        }

        foreach (FileSystemInfo entry in new DirectoryInfo(folder).EnumerateFileSystemInfos().Where(e => e.Name[0] is not ('.' or '_')))
        {
            if (entry.LinkTarget is not null)
            {
                links.Enqueue(entry.FullName);
            }
            else if (entry is DirectoryInfo)
            {
                Walk(entry.FullName, files, seen, links);
            }
            else if (seen.Add(RealPath(entry.FullName)))
            {
                files.Add(entry.FullName);
            }
        }
    }

    /// <summary>The path without links. A loop of links, or a link to nothing, stays as it is.</summary>
    internal static string RealPath(string path)
    {
        var parts = new Stack<string>(Path.GetFullPath(path).Split('/', StringSplitOptions.RemoveEmptyEntries).Reverse());
        string real = "/";
        int followed = 0;
        while (parts.TryPop(out string? part))
        {
            string next = Path.Combine(real, part);
            if (new FileInfo(next).LinkTarget is not { } target || ++followed > MostLinks)
            {
                real = next;
                continue;
            }

            foreach (string inner in Path.GetFullPath(target, real).Split('/', StringSplitOptions.RemoveEmptyEntries).Reverse())
            {
                parts.Push(inner);
            }

            real = "/";
        }

        return real;
    }
}
