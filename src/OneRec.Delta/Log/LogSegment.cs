using OneRec.Core;

namespace OneRec.Delta;

/// <summary>
/// The log files that make up one version: a checkpoint, if any, and the commits after it. The commits' versions are
/// consecutive, from the one after the checkpoint (from 0 without one) to <see cref="Version"/>.
/// </summary>
/// <param name="Version">The version.</param>
/// <param name="CheckpointVersion">The checkpoint's version, -1 without one.</param>
/// <param name="CheckpointParts">The checkpoint's files, full paths; empty without one.</param>
/// <param name="Commits">Versions and full paths of the commits to replay after it.</param>
internal sealed record LogSegment(
    long Version,
    long CheckpointVersion,
    IReadOnlyList<string> CheckpointParts,
    IReadOnlyList<(long Version, string Path)> Commits)
{
    /// <summary>The segment of a version, or of the newest; null if the log has no version.</summary>
    /// <param name="log">The log.</param>
    /// <param name="version">Null for the newest.</param>
    /// <exception cref="OneRecException">
    /// Table errors <c>delta.version-missing</c> (never written, or cleaned up) and <c>delta.log-gap</c>.
    /// </exception>
    public static LogSegment? Find(LogListing log, long? version)
    {
        long newest = log.Newest;
        if (newest < 0)
        {
            return null;
        }

        // A folder with the name of the next commit takes that name: no commit could follow.
        if (version is null && log.FolderInPlaceOf(newest + 1) is { } inPlace)
        {
            throw ActionReader.NotAFile(log.Folder, newest + 1, inPlace);
        }

        long target = version ?? newest;
        if (target > newest || target < 0)
        {
            throw OneRecException.Table(
                "delta.version-missing",
                $"{log.Folder} has no version {target}; its newest is {newest}");
        }

        long checkpoint = log.CheckpointUpTo(target);
        var commits = new List<(long, string)>();
        for (long next = checkpoint + 1; next <= target; next++)
        {
            if (log.Commit(next) is not { } path)
            {
                throw log.FolderInPlaceOf(next) is { } there
                    ? ActionReader.NotAFile(log.Folder, next, there)
                    : Missing(log, next, target, checkpoint);
            }

            commits.Add((next, path));
        }

        return new LogSegment(target, checkpoint, log.PartsOf(checkpoint), commits);
    }

    private static OneRecException Missing(LogListing log, long missing, long target, long checkpoint)
    {
        if (log.V2Checkpoint is { } name)
        {
            return OneRecException.Table(
                "delta.reader-feature",
                $"{log.Folder} version {target} needs 'v2Checkpoint' ({LogPath.Folder}/{name}), which is not supported; "
                + "rewrite the table without it");
        }

        bool cleaned = checkpoint < 0 && missing == 0 && log.NewestCheckpoint > target;
        return cleaned
            ? OneRecException.Table(
                "delta.version-missing",
                $"{log.Folder} version {target} can no longer be read: its log was cleaned up, and version "
                + $"{log.Checkpoints[0]} is the oldest left")
            : OneRecException.Table(
                "delta.log-gap",
                $"{log.Folder} version {target} cannot be read: {LogPath.Folder}/{LogPath.Commit(missing)} is missing "
                + $"(the log has {(log.OldestCommit < 0 ? log.Newest : log.OldestCommit)} to {log.Newest}); restore the file");
    }
}
