using System.Collections.ObjectModel;
using Apache.Arrow;
using OneRec.Core;

namespace OneRec.Delta;

/// <summary>A table at one version. Immutable; loading it opens no data file.</summary>
public sealed class Snapshot
{
    private readonly TableFiles _files;

    private Snapshot(string folder, long version, LogReplay replay)
    {
        Folder = folder;
        Version = version;
        Protocol = replay.Protocol!;
        Metadata = replay.Metadata!;
        Files = replay.Files();
        Tombstones = replay.Tombstones();
        Applications = [.. replay.Transactions.Values];
        Transactions = new ReadOnlyDictionary<string, long>(Applications.ToDictionary(t => t.AppId, t => t.Version, StringComparer.Ordinal));
        _files = new TableFiles(folder, version, Metadata);
    }

    /// <summary>The table's folder as given; names the table in errors.</summary>
    public string Folder { get; }

    /// <summary>The version, from 0.</summary>
    public long Version { get; }

    /// <summary>The features a program must support to read and write the table.</summary>
    public Protocol Protocol { get; }

    /// <summary>Id, columns and configuration.</summary>
    public Metadata Metadata { get; }

    /// <summary>The columns in order, including partition columns.</summary>
    public Schema Schema => Metadata.Schema;

    /// <summary>Names of the partition columns.</summary>
    public IReadOnlyList<string> PartitionColumns => Metadata.PartitionColumns;

    /// <summary>Table properties, such as <c>onerec.schema</c>.</summary>
    public IReadOnlyDictionary<string, string> Configuration => Metadata.Configuration;

    /// <summary>The data files, in the order in which the log adds them.</summary>
    public IReadOnlyList<AddFile> Files { get; }

    /// <summary>Data files that were removed from the table, as far as the log still has them: a reader of an older version may need them.</summary>
    public IReadOnlyList<RemoveFile> Tombstones { get; }

    /// <summary>The last version that each application recorded (<c>txn</c>).</summary>
    public IReadOnlyDictionary<string, long> Transactions { get; }

    /// <summary>The last <c>txn</c> of each application.</summary>
    internal IReadOnlyList<ApplicationTransaction> Applications { get; }

    /// <summary>Number of rows, from the files' statistics; null if a file has none.</summary>
    public long? Rows
    {
        get
        {
            long rows = 0;
            foreach (AddFile file in Files)
            {
                if (StatisticsOf(file)?.NumRecords is not { } more)
                {
                    return null;
                }

                rows += more;
            }

            return rows;
        }
    }

    /// <summary>A file's full path on this machine, below the table's folder.</summary>
    /// <exception cref="OneRecException">
    /// Table error <c>delta.file-place</c>: the file is on another store, outside the table's folder, or in its log.
    /// </exception>
    public string FullPath(AddFile file) => _files.FullPath(file);

    /// <summary>The columns of a file that hold columns of the table; null where the file was written without one.</summary>
    /// <param name="file">A file of this snapshot.</param>
    /// <param name="columns">Names of columns that are not partition columns.</param>
    /// <exception cref="OneRecException">
    /// Table errors: <c>delta.file-missing</c>, <c>delta.file-broken</c>, <c>delta.column-missing</c> for a column that may not
    /// be null, <c>delta.column-type</c> for one whose type is not the table's nor was widened to it.
    /// </exception>
    public IReadOnlyList<string?> NamesIn(AddFile file, IReadOnlyList<string> columns) => _files.NamesIn(file, columns);

    /// <summary>Verifies a file's bytes: by their SHA-256 or the checksums of its pages, where its writer gave them any; decodes nothing.</summary>
    /// <exception cref="OneRecException">Table errors <c>delta.file-missing</c>, <c>delta.file-broken</c>.</exception>
    public void RequireChecksums(AddFile file) => _files.RequireChecksums(file);

    /// <summary>Number of rows of a file, by its own footer.</summary>
    /// <exception cref="OneRecException">Table errors <c>delta.file-missing</c>, <c>delta.file-broken</c>.</exception>
    public long RowsIn(AddFile file) => _files.RowsIn(file);

    /// <summary>Reads a file to its end.</summary>
    /// <exception cref="OneRecException">Table errors <c>delta.file-missing</c>, <c>delta.file-broken</c>.</exception>
    public void RequireWhole(AddFile file) => _files.RequireWhole(file);

    /// <summary>A file's statistics, typed by the table's columns; null if the log has none that can be read.</summary>
    public FileStatistics? StatisticsOf(AddFile file) => _files.StatisticsOf(file);

    /// <summary>The files that may contain rows whose columns equal the given values; all others are known to contain none.</summary>
    /// <param name="equal">
    /// Columns and values: null, <see cref="long"/> (or a smaller integer), <see cref="double"/> or <see cref="float"/>,
    /// <see cref="string"/>, <see cref="bool"/>, <see cref="DateOnly"/>, <see cref="DateTimeOffset"/>,
    /// <see cref="decimal"/>, matching the column's type.
    /// </param>
    /// <exception cref="ArgumentException">A column does not exist, or a value has the wrong type.</exception>
    public IEnumerable<AddFile> FilesWhere(params IReadOnlyList<(string Column, object? Value)> equal)
    {
        var filter = new EqualityFilter(_files, equal);
        return Files.Where(filter.MayMatch);
    }

    /// <summary>Reads rows, file by file in the order of <see cref="Files"/>, with partition columns filled in.</summary>
    /// <param name="columns">Names in the order wanted; null for all.</param>
    /// <param name="files">Files of this snapshot; null for all.</param>
    /// <returns>Batches of bounded size (about 16 MiB), to be disposed by the caller.</returns>
    /// <exception cref="OneRecException">
    /// Table errors: <c>delta.column-missing</c>, <c>delta.file-missing</c>, <c>delta.file-broken</c>.
    /// </exception>
    public IEnumerable<RecordBatch> Scan(IReadOnlyList<string>? columns = null, IEnumerable<AddFile>? files = null)
    {
        var scan = new TableScan(_files, columns);
        return (files ?? Files).SelectMany(scan.Read);
    }

    /// <summary>Loads a version; null if the folder contains no table.</summary>
    internal static Snapshot? Load(string folder, long? version)
    {
        if (LogSegment.Find(LogListing.Of(folder), version) is not { } segment)
        {
            return null;
        }

        var replay = new LogReplay(new FilePlace(folder));
        foreach (string part in segment.CheckpointParts)
        {
            foreach (TableAction action in CheckpointReader.Read(folder, segment.CheckpointVersion, part).Actions)
            {
                replay.Apply(action);
            }
        }

        foreach ((long at, string path) in segment.Commits)
        {
            IReadOnlyList<TableAction> actions = ActionReader.ReadCommit(folder, at, path);
            CommitMetrics.RequireWhole(folder, at, actions);
            foreach (TableAction action in actions)
            {
                replay.Apply(action);
            }
        }

        if (replay.Protocol is null || replay.Metadata is null)
        {
            throw OneRecException.Table(
                "delta.log-broken",
                $"{folder} version {segment.Version} has no {(replay.Protocol is null ? "protocol" : "metaData")} "
                + "in its log; restore the log");
        }

        TableFeatures.RequireReadable(folder, segment.Version, replay.Protocol);
        RequireSchema(folder, segment.Version, replay.Metadata);
        if (replay.Files().Any(f => f.HasDeletionVector))
        {
            throw TableFeatures.Unreadable(folder, segment.Version, "deletionVectors");
        }

        return new Snapshot(folder, segment.Version, replay);
    }

    private static void RequireSchema(string table, long version, Metadata metadata)
    {
        if (metadata.Provider != "parquet")
        {
            throw OneRecException.Table(
                "delta.reader-feature",
                $"{table} version {version} has data files in the unsupported format '{metadata.Provider}'; rewrite the table as parquet");
        }

        try
        {
            _ = metadata.Schema;
        }
        catch (OneRecException e)
        {
            throw OneRecException.Table(e.Code, $"{table} version {version}: {e.Message}", e);
        }
    }
}

/// <summary>
/// The state after applying actions, oldest first: the latest protocol, metadata and transaction of each application, and
/// the files that were added and not removed since.
/// </summary>
/// <remarks>The actions of a commit may be in any order, because the protocol allows only one action per file in a commit.</remarks>
internal sealed class LogReplay(FilePlace place)
{
    private readonly Dictionary<string, (long Order, AddFile File)> _files = new(StringComparer.Ordinal);
    private readonly Dictionary<string, RemoveFile> _tombstones = new(StringComparer.Ordinal);
    private readonly Dictionary<string, ApplicationTransaction> _transactions = new(StringComparer.Ordinal);
    private long _order;

    public Protocol? Protocol { get; private set; }

    public Metadata? Metadata { get; private set; }

    public IReadOnlyDictionary<string, ApplicationTransaction> Transactions => _transactions;

    /// <summary>The files in the order in which they were added.</summary>
    public IReadOnlyList<AddFile> Files() => [.. _files.Values.OrderBy(f => f.Order).Select(f => f.File)];

    /// <summary>Files that were removed and not added again since, by path.</summary>
    public IReadOnlyList<RemoveFile> Tombstones() => [.. _tombstones.OrderBy(t => t.Key, StringComparer.Ordinal).Select(t => t.Value)];

    public void Apply(TableAction action)
    {
        switch (action)
        {
            case AddFile add:
                string added = KeyOf(add.Path);
                _files[added] = (_order++, add);
                _tombstones.Remove(added);
                break;
            case RemoveFile remove:
                string removed = KeyOf(remove.Path);
                _files.Remove(removed);
                _tombstones[removed] = remove;
                break;
            case Protocol protocol:
                Protocol = protocol;
                break;
            case Metadata metadata:
                Metadata = metadata;
                break;
            case ApplicationTransaction transaction:
                _transactions[transaction.AppId] = transaction;
                break;
        }
    }

    // Two spellings of a path are one file.
    private string KeyOf(string path) => place.TryResolve(path) ?? Uri.UnescapeDataString(path);
}
