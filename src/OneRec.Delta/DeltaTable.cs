using OneRec.Core;

namespace OneRec.Delta;

/// <summary>A Delta table in a local folder, read and written without an engine.</summary>
/// <remarks>Holds no state and no handle: any number of threads and processes may use one folder at once.</remarks>
public sealed class DeltaTable
{
    private DeltaTable(string folder, TimeProvider clock, IDurableFiles durable)
    {
        Folder = folder;
        Clock = clock;
        Durable = durable;
    }

    /// <summary>The folder as given; names the table in errors.</summary>
    public string Folder { get; }

    internal TimeProvider Clock { get; }

    internal IDurableFiles Durable { get; }

    /// <summary>The table in a folder, whether it exists or not.</summary>
    /// <param name="folder">A local path; relative ones follow the working directory.</param>
    /// <param name="clock">Gives the commits' times; null for the system's.</param>
    public static DeltaTable At(string folder, TimeProvider? clock = null) =>
        new(folder, clock ?? TimeProvider.System, DurableFiles.Instance);

    /// <summary>The newest version; null where there is no table.</summary>
    /// <exception cref="OneRecException">
    /// Table errors: <c>delta.log-gap</c>, <c>delta.log-broken</c>, <c>delta.reader-feature</c>, <c>delta.schema</c>.
    /// </exception>
    public Snapshot? LatestSnapshot() => Snapshot.Load(this, null);

    /// <summary>A version of the past.</summary>
    /// <exception cref="OneRecException">
    /// As <see cref="LatestSnapshot"/>, and <c>delta.version-missing</c> where it never was or was cleaned up, or where
    /// there is no table.
    /// </exception>
    public Snapshot SnapshotAt(long version) => Snapshot.Load(this, version) ?? throw OneRecException.Table(
        "delta.version-missing", $"{Folder} has no version {version}; there is no table");

    /// <summary>The newest version without reading its state; null where there is no table.</summary>
    public long? LatestVersion() => LogSegment.Newest(Folder) is >= 0 and long version ? version : null;

    /// <summary>The commits, newest first, read one by one as they are asked for, as far back as the log is whole.</summary>
    /// <exception cref="OneRecException">Table error <c>delta.log-broken</c>.</exception>
    public IEnumerable<HistoryEntry> History()
    {
        foreach ((long version, string path) in LogSegment.CommitsFromNewest(Folder))
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

    /// <summary>Begins a change of the table as read.</summary>
    /// <param name="read">The version that the change is computed from.</param>
    /// <exception cref="OneRecException">Table error <c>delta.writer-feature</c>.</exception>
    public Transaction Begin(Snapshot read) => new(this, read, null);

    /// <summary>Begins a change of a table of a known shape: of the version read, or the table's creation.</summary>
    /// <param name="read">The version that the change is computed from; null where there is no table yet.</param>
    /// <param name="shape">Columns, partition columns and, for a new table, properties.</param>
    /// <exception cref="OneRecException">
    /// Table errors <c>delta.writer-feature</c>, and <c>delta.shape</c> where the table has other columns, naming one.
    /// </exception>
    public Transaction Begin(Snapshot? read, TableShape shape)
    {
        if (read is not null)
        {
            shape.RequireFit(read);
        }

        return new Transaction(this, read, shape);
    }

    /// <summary>The table with another way to the disk, for tests of crashes.</summary>
    internal static DeltaTable At(string folder, TimeProvider clock, IDurableFiles durable) => new(folder, clock, durable);
}
