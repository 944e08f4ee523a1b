namespace OneRec.Delta;

/// <summary>Removes data files that no version within the retention needs, and what killed commits left: data files and unfinished commits.</summary>
/// <param name="folder">The table.</param>
internal sealed class Vacuum(TableFolder folder)
{
    /// <summary>Removes what may go.</summary>
    /// <remarks>
    /// A file goes if the newest version does not have it, if it was not removed from the table within the retention, and if it
    /// is older than the retention: a younger one may belong to a commit that is being made, and so may a commit under its
    /// temporary name. Other names that start with <c>_</c> or <c>.</c> are not data, and links are never followed.
    /// </remarks>
    /// <param name="snapshot">The newest version.</param>
    /// <param name="retention">Versions that were current within this time stay readable.</param>
    /// <param name="dryRun">Whether to remove nothing.</param>
    /// <returns>The files, removed or to be removed.</returns>
    /// <exception cref="IOException">The disk reports an error.</exception>
    public IReadOnlyList<GoneFile> Run(Snapshot snapshot, TimeSpan retention, bool dryRun)
    {
        DateTimeOffset before = folder.Clock.GetUtcNow() - retention;
        var place = new FilePlace(folder.Path);
        HashSet<string> needed =
        [
            .. snapshot.Files.Select(f => f.Path)
                .Concat(snapshot.Tombstones.Where(t => t.DeletionTimestamp >= before.ToUnixTimeMilliseconds()).Select(t => t.Path))
                .Select(place.TryResolve)
                .OfType<string>(),
        ];
        GoneFile[] old =
        [
            .. Data(new DirectoryInfo(Path.GetFullPath(folder.Path)))
                .Concat(Unfinished())
                .Where(f => f.LastWriteTimeUtc < before.UtcDateTime && !needed.Contains(f.FullName))
                .OrderBy(f => f.FullName, StringComparer.Ordinal)
                .Select(f => new GoneFile(f.FullName, f.Length)),
        ];
        if (!dryRun)
        {
            foreach (GoneFile file in old)
            {
                folder.Disk.Delete(file.Path);
            }
        }

        return old;
    }

    private IEnumerable<FileInfo> Unfinished()
    {
        var log = new DirectoryInfo(Path.Combine(Path.GetFullPath(folder.Path), LogPath.Folder));
        return log.EnumerateFiles().Where(f => LogPath.IsTemporary(f.Name) && f.LinkTarget is null);
    }

    private static IEnumerable<FileInfo> Data(DirectoryInfo folder)
    {
        foreach (FileSystemInfo entry in folder.EnumerateFileSystemInfos())
        {
            // A partition's folder may have such a name: its column does.
            bool hidden = entry.Name[0] is '_' or '.' && !entry.Name.Contains('=', StringComparison.Ordinal);
            if (hidden || entry.LinkTarget is not null)
            {
                continue;
            }

            if (entry is FileInfo file)
            {
                yield return file;
                continue;
            }

            foreach (FileInfo inner in Data((DirectoryInfo)entry))
            {
                yield return inner;
            }
        }
    }
}

/// <summary>A file that was removed, or would be.</summary>
/// <param name="Path">Its full path.</param>
/// <param name="Bytes">Its size.</param>
public sealed record GoneFile(string Path, long Bytes);
