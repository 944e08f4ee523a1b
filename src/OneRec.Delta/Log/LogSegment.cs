using OneRec.Core;

namespace OneRec.Delta;

/// <summary>
/// The log files that make up one version: a checkpoint, if any, and the commits after it. The commits' versions are
/// consecutive, from the one after the checkpoint (from 0 without one) to <see cref="Version"/>.
/// </summary>
/// <remarks>
/// Only the folder listing counts. <c>_last_checkpoint</c> is a hint that saves a listing on object stores; it may be stale,
/// so it is not read.
/// </remarks>
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
    /// <summary>The newest version in the folder; -1 if there is none.</summary>
    public static long Newest(string folder)
    {
        Listing listing = List(folder);
        return Math.Max(listing.Commits.Count == 0 ? -1 : listing.Commits.Keys[^1], listing.NewestCheckpoint);
    }

    /// <summary>The version of the newest complete checkpoint; -1 if there is none.</summary>
    public static long NewestCheckpoint(string folder) => List(folder).NewestCheckpoint;

    /// <summary>The versions of the complete checkpoints, ascending.</summary>
    public static IReadOnlyList<long> CompleteCheckpoints(string folder) =>
        [.. List(folder).Checkpoints.Where(c => Complete(c.Value) is not null).Select(c => c.Key).Order()];

    /// <summary>The commits and the files of checkpoints, each with its version.</summary>
    public static IReadOnlyList<(long Version, FileInfo File)> Files(string folder)
    {
        Listing listing = List(folder);
        return
        [
            .. listing.Commits.Select(c => (c.Key, new FileInfo(c.Value))),
            .. listing.Checkpoints.SelectMany(c => c.Value.Values.Select(path => (c.Key, new FileInfo(path)))),
        ];
    }

    /// <summary>Whether a version can be read without its own checkpoint: from an older one, or from the first commit.</summary>
    public static bool CanDoWithout(string folder, long checkpoint)
    {
        Listing listing = List(folder);
        long older = listing.Checkpoints.Where(c => c.Key < checkpoint && Complete(c.Value) is not null).Select(c => c.Key).DefaultIfEmpty(-1).Max();
        return Enumerable.Range(0, (int)Math.Min(checkpoint - older, int.MaxValue)).All(i => listing.Commits.ContainsKey(older + 1 + i));
    }

    /// <summary>The commits in the log, newest first, back to the first gap.</summary>
    public static IEnumerable<(long Version, string Path)> CommitsFromNewest(string folder)
    {
        SortedList<long, string> commits = List(folder).Commits;
        for (int i = commits.Count - 1; i >= 0; i--)
        {
            yield return (commits.Keys[i], commits.Values[i]);
            if (i > 0 && commits.Keys[i - 1] != commits.Keys[i] - 1)
            {
                yield break;
            }
        }
    }

    /// <summary>The segment of a version, or of the newest; null if the folder contains no table.</summary>
    /// <param name="folder">The table's folder; names the table in errors.</param>
    /// <param name="version">Null for the newest.</param>
    /// <exception cref="OneRecException">
    /// Table errors <c>delta.version-missing</c> (never written, or cleaned up) and <c>delta.log-gap</c>.
    /// </exception>
    public static LogSegment? Find(string folder, long? version)
    {
        Listing listing = List(folder);
        long newest = Math.Max(listing.Commits.Count == 0 ? -1 : listing.Commits.Keys[^1], listing.NewestCheckpoint);
        if (newest < 0)
        {
            return null;
        }

        // A folder with the name of the next commit takes that name: no commit could follow.
        if (version is null && listing.Folders.TryGetValue(newest + 1, out string? inPlace))
        {
            throw ActionReader.NotAFile(folder, newest + 1, inPlace);
        }

        long target = version ?? newest;
        if (target > newest || target < 0)
        {
            throw OneRecException.Table(
                "delta.version-missing",
                $"{folder} has no version {target}; its newest is {newest}");
        }

        long checkpoint = -1;
        IReadOnlyList<string> parts = [];
        foreach ((long at, Dictionary<(int Part, int Parts), string> files) in listing.Checkpoints)
        {
            if (at <= target && at > checkpoint && Complete(files) is { } complete)
            {
                (checkpoint, parts) = (at, complete);
            }
        }

        var commits = new List<(long, string)>();
        for (long next = checkpoint + 1; next <= target; next++)
        {
            if (!listing.Commits.TryGetValue(next, out string? path))
            {
                throw listing.Folders.TryGetValue(next, out string? there)
                    ? ActionReader.NotAFile(folder, next, there)
                    : Missing(folder, next, target, newest, checkpoint, listing);
            }

            commits.Add((next, path));
        }

        return new LogSegment(target, checkpoint, parts, commits);
    }

    private static OneRecException Missing(
        string folder, long missing, long target, long newest, long checkpoint, Listing listing)
    {
        if (listing.V2Checkpoint is { } name)
        {
            return OneRecException.Table(
                "delta.reader-feature",
                $"{folder} version {target} needs 'v2Checkpoint' ({LogPath.Folder}/{name}), which is not supported; "
                + "rewrite the table without it");
        }

        long first = listing.Commits.Count == 0 ? newest : listing.Commits.Keys[0];
        bool cleaned = checkpoint < 0 && missing == 0 && listing.NewestCheckpoint > target;
        return cleaned
            ? OneRecException.Table(
                "delta.version-missing",
                $"{folder} version {target} can no longer be read: its log was cleaned up, and version "
                + $"{FirstReadable(listing)} is the oldest left")
            : OneRecException.Table(
                "delta.log-gap",
                $"{folder} version {target} cannot be read: {LogPath.Folder}/{LogPath.Commit(missing)} is missing "
                + $"(the log has {first} to {newest}); restore the file");
    }

    private static long FirstReadable(Listing listing) =>
        listing.Checkpoints.Where(c => Complete(c.Value) is not null).Min(c => c.Key);

    private static string[]? Complete(Dictionary<(int Part, int Parts), string> files)
    {
        if (files.TryGetValue((1, 1), out string? whole))
        {
            return [whole];
        }

        foreach (int parts in files.Keys.Select(k => k.Parts).Distinct().Order())
        {
            string?[] all = [.. Enumerable.Range(1, parts).Select(p => files.GetValueOrDefault((p, parts)))];
            if (all.All(p => p is not null))
            {
                return all!;
            }
        }

        return null;
    }

    private static Listing List(string folder)
    {
        var listing = new Listing();
        foreach (FileSystemInfo file in Entries(folder))
        {
            bool isFile = file is FileInfo;
            if (LogPath.TryCommit(file.Name, out long version))
            {
                (isFile ? listing.Commits : listing.Folders).Add(version, file.FullName);
            }
            else if (isFile && LogPath.TryClassicCheckpoint(file.Name, out version, out int part, out int parts))
            {
                if (!listing.Checkpoints.TryGetValue(version, out Dictionary<(int Part, int Parts), string>? files))
                {
                    listing.Checkpoints.Add(version, files = []);
                }

                files.Add((part, parts), file.FullName);
                listing.NewestCheckpoint = Complete(files) is null
                    ? listing.NewestCheckpoint
                    : Math.Max(listing.NewestCheckpoint, version);
            }
            else if (isFile && LogPath.IsV2Checkpoint(file.Name))
            {
                listing.V2Checkpoint = file.Name;
            }
        }

        return listing;
    }

    private static FileSystemInfo[] Entries(string folder)
    {
        string path = Path.Combine(folder, LogPath.Folder);
        try
        {
            return File.Exists(path)
                ? throw Unreadable(folder, "it is a file, not a folder; restore the log", null)
                : Directory.Exists(path) ? new DirectoryInfo(path).GetFileSystemInfos() : [];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Unreadable(folder, $"{e.Message.ReplaceLineEndings(" ")}; make it readable", e);
        }
    }

    private static OneRecException Unreadable(string folder, string why, Exception? e) => OneRecException.Table(
        "delta.log-broken", $"{folder}: cannot read {LogPath.Folder}: {why}", e);

    private sealed class Listing
    {
        public SortedList<long, string> Commits { get; } = [];

        /// <summary>Folders with the names of commits.</summary>
        public SortedList<long, string> Folders { get; } = [];

        public Dictionary<long, Dictionary<(int Part, int Parts), string>> Checkpoints { get; } = [];

        public long NewestCheckpoint { get; set; } = -1;

        public string? V2Checkpoint { get; set; }
    }
}
