using OneRec.Core;

namespace OneRec.Delta;

/// <summary>The names in a table's log, listed once: what a step of work asks of it is of one moment.</summary>
/// <remarks>
/// Only the listing counts. <c>_last_checkpoint</c> is a hint that saves a listing on object stores; it may be stale, so it is
/// not read. Other names are ignored, those of log compactions (<c>X.Y.compacted.json</c>) among them: all commits that one
/// replaces are there until log clean-up.
/// </remarks>
internal sealed class LogListing
{
    private readonly SortedList<long, FileInfo> _commits;
    private readonly Dictionary<long, string> _folders = [];
    private readonly List<(long Version, FileInfo File)> _checkpointFiles = [];
    private readonly SortedList<long, string[]> _checkpoints = [];

    private LogListing(string folder)
    {
        Folder = folder;
        var commits = new Dictionary<long, FileInfo>();
        var checkpoints = new SortedDictionary<long, Dictionary<(int Part, int Parts), string>>();
        foreach (FileSystemInfo entry in Entries(folder))
        {
            if (LogPath.TryCommit(entry.Name, out long version))
            {
                if (entry is FileInfo commit)
                {
                    commits.Add(version, commit);
                }
                else
                {
                    _folders.Add(version, entry.FullName);
                }
            }
            else if (entry is FileInfo file && LogPath.TryClassicCheckpoint(file.Name, out version, out int part, out int parts))
            {
                _checkpointFiles.Add((version, file));
                if (!checkpoints.TryGetValue(version, out Dictionary<(int Part, int Parts), string>? files))
                {
                    checkpoints.Add(version, files = []);
                }

                files.Add((part, parts), file.FullName);
            }
            else if (entry is FileInfo && LogPath.IsV2Checkpoint(entry.Name))
            {
                V2Checkpoint = entry.Name;
            }
        }

        // Sorted once: a folder lists its names in any order, and there may be very many.
        _commits = new SortedList<long, FileInfo>(commits);
        foreach ((long version, Dictionary<(int Part, int Parts), string> files) in checkpoints)
        {
            if (Complete(files) is { } complete)
            {
                _checkpoints.Add(version, complete);
            }
        }
    }

    /// <summary>The table's folder as given; names the table in errors.</summary>
    public string Folder { get; }

    /// <summary>The name of a checkpoint of the feature <c>v2Checkpoint</c>; null if there is none.</summary>
    public string? V2Checkpoint { get; }

    /// <summary>The oldest version with a commit; -1 if there is none.</summary>
    public long OldestCommit => _commits.Count == 0 ? -1 : _commits.Keys[0];

    /// <summary>The newest version; -1 if there is none.</summary>
    public long Newest => Math.Max(_commits.Count == 0 ? -1 : _commits.Keys[^1], NewestCheckpoint);

    /// <summary>The version of the newest complete checkpoint; -1 if there is none.</summary>
    public long NewestCheckpoint => _checkpoints.Count == 0 ? -1 : _checkpoints.Keys[^1];

    /// <summary>The versions of the complete checkpoints, ascending.</summary>
    public IReadOnlyList<long> Checkpoints => [.. _checkpoints.Keys];

    /// <summary>The commits and the files of checkpoints, also of incomplete ones, each with its version.</summary>
    public IReadOnlyList<(long Version, FileInfo File)> Files => [.. _commits.Select(c => (c.Key, c.Value)), .. _checkpointFiles];

    /// <summary>Lists a table's log; empty if there is none.</summary>
    /// <param name="folder">The table's folder.</param>
    /// <exception cref="OneRecException">Table error <c>delta.log-broken</c>: the log is a file, or cannot be listed.</exception>
    public static LogListing Of(string folder) => new(folder);

    /// <summary>The full path of a version's commit; null if it has none.</summary>
    public string? Commit(long version) => _commits.GetValueOrDefault(version)?.FullName;

    /// <summary>The full path of a folder with the name of a version's commit; null if there is none.</summary>
    public string? FolderInPlaceOf(long version) => _folders.GetValueOrDefault(version);

    /// <summary>The files of a complete checkpoint; none if there is no such checkpoint.</summary>
    public IReadOnlyList<string> PartsOf(long checkpoint) => _checkpoints.GetValueOrDefault(checkpoint) ?? [];

    /// <summary>The newest complete checkpoint that is not newer than a version; -1 if there is none.</summary>
    public long CheckpointUpTo(long version) => _checkpoints.Keys.Where(c => c <= version).DefaultIfEmpty(-1).Max();

    /// <summary>Whether a version can be read without its own checkpoint: from an older one, or from the first commit.</summary>
    public bool CanDoWithout(long checkpoint)
    {
        for (long next = CheckpointUpTo(checkpoint - 1) + 1; next <= checkpoint; next++)
        {
            if (!_commits.ContainsKey(next))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>The commits, newest first, back to the first gap.</summary>
    public IEnumerable<(long Version, string Path)> CommitsFromNewest()
    {
        for (int i = _commits.Count - 1; i >= 0; i--)
        {
            yield return (_commits.Keys[i], _commits.Values[i].FullName);
            if (i > 0 && _commits.Keys[i - 1] != _commits.Keys[i] - 1)
            {
                yield break;
            }
        }
    }

    // As many names as parts: a name alone may claim any number of them.
    private static string[]? Complete(Dictionary<(int Part, int Parts), string> files) => files
        .GroupBy(f => f.Key.Parts)
        .Where(g => g.Count() == g.Key)
        .OrderBy(g => g.Key)
        .Select(g => g.OrderBy(f => f.Key.Part).Select(f => f.Value).ToArray())
        .FirstOrDefault();

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
}
