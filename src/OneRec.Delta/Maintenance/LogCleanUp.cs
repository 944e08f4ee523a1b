namespace OneRec.Delta;

/// <summary>Removes commits and checkpoints that no version within the retention needs.</summary>
/// <remarks>
/// Delta protocol, "Metadata Cleanup": everything before the newest checkpoint that is older than the retention. The newest
/// commit that changed data is kept as well, with all after it, because steps find their own commits in the log.
/// </remarks>
/// <param name="folder">The table.</param>
internal sealed class LogCleanUp(TableFolder folder)
{
    /// <summary>Removes what may go.</summary>
    /// <param name="log">The log as it is.</param>
    /// <param name="retention">Versions that were current within this time stay readable.</param>
    /// <param name="newestChange">The newest version that changed data.</param>
    /// <param name="dryRun">Whether to remove nothing.</param>
    /// <returns>The files, removed or to be removed.</returns>
    /// <exception cref="IOException">The disk reports an error.</exception>
    public IReadOnlyList<GoneFile> Run(LogListing log, TimeSpan retention, long newestChange, bool dryRun)
    {
        DateTime before = (folder.Clock.GetUtcNow() - retention).UtcDateTime;
        IReadOnlyList<(long Version, FileInfo File)> files = log.Files;
        long kept = log.Checkpoints
            .Where(c => c <= newestChange && files.Where(f => f.Version == c).All(f => f.File.LastWriteTimeUtc < before))
            .DefaultIfEmpty(-1)
            .Max();
        GoneFile[] old =
        [
            .. files.Where(f => f.Version < kept && f.File.LastWriteTimeUtc < before)
                .OrderBy(f => f.Version)
                .Select(f => new GoneFile(f.File.FullName, f.File.Length)),
        ];
        if (!dryRun)
        {
            // Oldest first: if it is interrupted, what is left has no gap.
            foreach (GoneFile file in old)
            {
                folder.Disk.Delete(file.Path);
            }
        }

        return old;
    }
}
