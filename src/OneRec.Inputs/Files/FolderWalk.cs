namespace OneRec.Inputs.Files;

/// <summary>The files below a folder, each once: a link to a folder or file that was already found adds nothing.</summary>
/// <remarks>
/// Real folders and files come before links, so that a file keeps its own name. A link that leads out of the folder is
/// followed. Names that start with <c>.</c> or <c>_</c> are left out, as Hadoop does. Only files with a wanted name count as
/// found: a link <c>items.parquet</c> to a file without an extension is read.
/// </remarks>
/// <param name="store">The file system.</param>
/// <param name="isWanted">Whether a file is read, by its name.</param>
internal sealed class FolderWalk(IInputStore store, Func<string, bool> isWanted)
{
    /// <summary>Full paths of the files, in no order.</summary>
    public IReadOnlyList<string> Files(string folder)
    {
        var files = new List<string>();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var links = new Queue<string>();
        Walk(folder, files, seen, links);
        while (links.TryDequeue(out string? link))
        {
            if (store.Find(link) is { IsFolder: true })
            {
                Walk(link, files, seen, links);
            }
            else
            {
                // A link to nothing is listed too: reading it names it.
                Add(link, files, seen);
            }
        }

        return files;
    }

    /// <summary>Distinct files: wanted ones by their real paths, of which the first of several names stays.</summary>
    public IEnumerable<string> Distinct(IEnumerable<string> files) =>
        files.DistinctBy(f => isWanted(f) ? (true, store.RealPath(f)) : (false, f));

    private void Walk(string folder, List<string> files, HashSet<string> seen, Queue<string> links)
    {
        if (!seen.Add(store.RealPath(folder)))
        {
            return;
        }

        foreach (StoredFile entry in store.List(folder).Where(e => e.Name[0] is not ('.' or '_')))
        {
            if (entry.IsLink)
            {
                links.Enqueue(entry.Path);
            }
            else if (entry.IsFolder)
            {
                Walk(entry.Path, files, seen, links);
            }
            else
            {
                Add(entry.Path, files, seen);
            }
        }
    }

    private void Add(string file, List<string> files, HashSet<string> seen)
    {
        if (!isWanted(file) || seen.Add(store.RealPath(file)))
        {
            files.Add(file);
        }
    }
}
