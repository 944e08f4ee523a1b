using OneRec.Core;

namespace OneRec.Delta;

/// <summary>A Delta table in a local folder, read and written without an engine.</summary>
/// <remarks>Keeps no state and no handles: any number of threads and processes may use a folder at once.</remarks>
public sealed class DeltaTable
{
    private readonly TableFolder _folder;

    private DeltaTable(TableFolder folder) => _folder = folder;

    /// <summary>The folder as given; names the table in errors.</summary>
    public string Folder => _folder.Path;

    /// <summary>The table in a folder, whether or not it exists yet.</summary>
    /// <param name="folder">A local path; relative paths are resolved against the working directory.</param>
    /// <param name="clock">The clock for commit timestamps; null for the system clock.</param>
    public static DeltaTable At(string folder, TimeProvider? clock = null) =>
        new(new TableFolder(folder, clock ?? TimeProvider.System, DurableFiles.Instance));

    /// <summary>The newest version; null if there is no table.</summary>
    /// <exception cref="OneRecException">
    /// Table errors: <c>delta.log-gap</c>, <c>delta.log-broken</c>, <c>delta.reader-feature</c>, <c>delta.schema</c>.
    /// </exception>
    public Snapshot? LatestSnapshot() => Snapshot.Load(Folder, null);

    /// <summary>A given version of the table.</summary>
    /// <exception cref="OneRecException">
    /// As <see cref="LatestSnapshot"/>, and <c>delta.version-missing</c> if the version was never written or was cleaned up,
    /// or if there is no table.
    /// </exception>
    public Snapshot SnapshotAt(long version) => Snapshot.Load(Folder, version) ?? throw OneRecException.Table(
        "delta.version-missing", $"{Folder} has no version {version}; there is no table");

    /// <summary>The number of the newest version, without reading its state; null if there is no table.</summary>
    public long? LatestVersion() => LogListing.Of(Folder).Newest is >= 0 and long version ? version : null;

    /// <summary>The version of the newest checkpoint; null if there is none.</summary>
    public long? LatestCheckpoint() => LogListing.Of(Folder).NewestCheckpoint is >= 0 and long version ? version : null;

    /// <summary>The commits, newest first, read lazily, back to the first gap in the log.</summary>
    /// <exception cref="OneRecException">Table error <c>delta.log-broken</c>.</exception>
    public IEnumerable<HistoryEntry> History() => Commits(LogListing.Of(Folder));

    private IEnumerable<HistoryEntry> Commits(LogListing log)
    {
        foreach ((long version, string path) in log.CommitsFromNewest())
        {
            IReadOnlyList<TableAction> actions = ActionReader.ReadCommit(Folder, version, path);
            CommitInfo? info = actions.OfType<CommitInfo>().FirstOrDefault();
            yield return new HistoryEntry(
                version,
                info?.Timestamp is { } time
                    ? DateTimeOffset.FromUnixTimeMilliseconds(time)
                    : new DateTimeOffset(File.GetLastWriteTimeUtc(path)),
                info?.Operation,
                info?.OperationParameters ?? new Dictionary<string, string?>(),
                info?.UserMetadata,
                info?.EngineInfo,
                actions.Any(a => a is AddFile { DataChange: true } or RemoveFile { DataChange: true }));
        }
    }

    /// <summary>Starts a transaction on the version read.</summary>
    /// <param name="read">The version that the change is based on.</param>
    /// <exception cref="OneRecException">Table error <c>delta.writer-feature</c>.</exception>
    public Transaction Begin(Snapshot read) => new(_folder, read, null);

    /// <summary>Starts a transaction that requires the table to have a shape, or creates the table with it.</summary>
    /// <param name="read">The version that the change is based on; null if there is no table yet.</param>
    /// <param name="shape">Columns, partition columns and, for a new table, properties.</param>
    /// <exception cref="OneRecException">
    /// Table errors <c>delta.writer-feature</c>, and <c>delta.shape</c> if the table has different columns, naming one.
    /// </exception>
    public Transaction Begin(Snapshot? read, TableShape shape)
    {
        if (read is not null)
        {
            shape.RequireFit(read);
        }

        return new Transaction(_folder, read, shape);
    }

    /// <summary>Starts a transaction that only moves rows to other files, such as a compaction: its actions change no data.</summary>
    /// <param name="read">The version that the change is based on.</param>
    /// <exception cref="OneRecException">Table error <c>delta.writer-feature</c>.</exception>
    internal Transaction BeginRearrangement(Snapshot read) => new(_folder, read, null, rearranges: true);

    /// <summary>
    /// Holds the newest version against its log: files with size, rows and bytes, commits and checkpoints. What is wrong is
    /// returned, not thrown.
    /// </summary>
    /// <param name="known">SHA-256 of files by path, as an earlier verification returned them.</param>
    /// <param name="threads">Files read at once.</param>
    /// <param name="progress">Gets the bytes read so far and their total, from any thread; null for none.</param>
    /// <param name="cancellation">Ends the verification.</param>
    public TableVerdict Verify(
        IReadOnlyDictionary<string, string> known, int threads = 1, Action<long, long>? progress = null, CancellationToken cancellation = default) =>
        new Verification(this).Run(known, threads, progress, cancellation);

    /// <summary>Writes a checkpoint of the newest version, unless it has one. Commits do so themselves from time to time.</summary>
    /// <returns>The version; null if there is no table.</returns>
    /// <exception cref="OneRecException">Engine error <c>delta.write-failed</c>; table errors as <see cref="LatestSnapshot"/>.</exception>
    public long? WriteCheckpoint() => OnDisk(() =>
    {
        Snapshot? snapshot = LatestSnapshot();
        if (snapshot is not null)
        {
            TableFeatures.RequireWritable(Folder, snapshot.Version, snapshot.Protocol, snapshot.Metadata);
            new Checkpoints(_folder).Write(snapshot);
        }

        return snapshot?.Version;
    });

    /// <summary>Merges small data files of the same partition, without changing a row.</summary>
    /// <param name="options">What is small.</param>
    /// <param name="userMetadata">Free text for the commit; null if there is none.</param>
    /// <param name="cancellation">Stops before the commit.</param>
    /// <exception cref="OneRecException">Engine error <c>delta.write-failed</c>; table errors as <see cref="LatestSnapshot"/> and <see cref="Snapshot.Scan"/>.</exception>
    public CompactionResult Compact(CompactionOptions options, string? userMetadata = null, CancellationToken cancellation = default) =>
        new Compaction(this).Run(options, userMetadata, cancellation);

    /// <summary>Removes data files that no version within the retention needs (as Delta Lake's <c>VACUUM</c>).</summary>
    /// <param name="retention">Versions that were current within this time stay readable; commits that take longer may lose their files.</param>
    /// <param name="dryRun">Whether to remove nothing.</param>
    /// <returns>The files, removed or to be removed; none if there is no table.</returns>
    /// <exception cref="OneRecException">Engine error <c>delta.write-failed</c>; table errors as <see cref="LatestSnapshot"/>.</exception>
    public IReadOnlyList<GoneFile> Vacuum(TimeSpan retention, bool dryRun = false) =>
        OnDisk(() => LatestSnapshot() is { } snapshot ? new Vacuum(_folder).Run(snapshot, retention, dryRun) : []);

    /// <summary>Removes commits and checkpoints that no version within the retention needs.</summary>
    /// <param name="retention">Versions that were current within this time stay readable.</param>
    /// <param name="dryRun">Whether to remove nothing.</param>
    /// <returns>The files, removed or to be removed; none if there is no table.</returns>
    /// <exception cref="OneRecException">Engine error <c>delta.write-failed</c>; table errors as <see cref="History"/>.</exception>
    public IReadOnlyList<GoneFile> CleanUpLog(TimeSpan retention, bool dryRun = false) => OnDisk(() =>
    {
        LogListing log = LogListing.Of(Folder);
        return new LogCleanUp(_folder).Run(log, retention, Commits(log).FirstOrDefault(h => h.ChangesData)?.Version ?? -1, dryRun);
    });

    private T OnDisk<T>(Func<T> act)
    {
        try
        {
            return act();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw OneRecException.Engine("delta.write-failed", SystemFailure.Line($"{Folder}: cannot write the table", e), e);
        }
    }

    /// <summary>The table on another disk implementation, for crash tests.</summary>
    internal static DeltaTable At(string folder, TimeProvider clock, IDurableFiles disk) =>
        new(new TableFolder(folder, clock, disk));
}
