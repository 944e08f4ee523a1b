using System.Globalization;
using Apache.Arrow;
using OneRec.Core;

namespace OneRec.Delta;

/// <summary>An atomic change of a table. Started by <c>DeltaTable.Begin</c>.</summary>
/// <remarks>
/// The commit's JSON is written to the log folder under a temporary name and made durable, then linked to its version's
/// name. That fails if the name is taken, so no commit is ever overwritten and exactly one of several concurrent writers
/// wins. A crash before the link leaves files that the log does not name; after it, the commit is complete.
/// </remarks>
public sealed class Transaction
{
    private static readonly string Engine =
        CommitMetrics.OwnEngine + (typeof(Transaction).Assembly.GetName().Version?.ToString(3) ?? "0");

    private readonly TableFolder _folder;
    private readonly Snapshot? _read;
    private readonly TableShape? _create;
    private readonly bool _rearranges;
    private readonly List<DataFile> _adds = [];
    private readonly List<AddFile> _removes = [];
    private readonly List<ApplicationTransaction> _applications = [];
    private HashSet<string>? _removable;
    private bool _committed;

    // The newest checkpoint when the commit got its name.
    private long _checkpoint = -1;

    internal Transaction(TableFolder folder, Snapshot? read, TableShape? shape, bool rearranges = false)
    {
        _folder = folder;
        _rearranges = rearranges;
        _read = read;
        if (read is not null)
        {
            TableFeatures.RequireWritable(folder.Path, read.Version, read.Protocol, read.Metadata);
            (Schema, PartitionColumns, Configuration) = (read.Schema, read.PartitionColumns, read.Configuration);
            return;
        }

        ArgumentNullException.ThrowIfNull(shape);
        shape.RequireValid(folder.Path);
        _create = shape;
        (Schema, PartitionColumns, Configuration) = (shape.Schema, shape.PartitionColumns, shape.Configuration);
    }

    /// <summary>The table's columns, in the log's order.</summary>
    public Schema Schema { get; }

    /// <summary>Names of the partition columns.</summary>
    public IReadOnlyList<string> PartitionColumns { get; }

    /// <summary>Table properties.</summary>
    public IReadOnlyDictionary<string, string> Configuration { get; }

    /// <summary>Opens a writer of data files for this table; pass its files to <see cref="Add(IEnumerable{DataFile})"/>.</summary>
    /// <exception cref="OneRecException">Engine error <c>delta.write-failed</c>: the folder cannot be created.</exception>
    public DataFileWriter OpenWriter(DataFileOptions? options = null)
    {
        OnDisk(() => _folder.Disk.CreateFolder(_folder.Path));
        return new DataFileWriter(_folder, Schema, PartitionColumns, Configuration, options ?? new DataFileOptions());
    }

    /// <summary>Adds a data file.</summary>
    public void Add(DataFile file) => _adds.Add(file);

    /// <summary>Adds data files.</summary>
    public void Add(IEnumerable<DataFile> files) => _adds.AddRange(files);

    /// <summary>Removes a data file of the snapshot that was read.</summary>
    /// <exception cref="OneRecException">Table error <c>delta.append-only</c>.</exception>
    /// <exception cref="ArgumentException">
    /// The table is new, the snapshot does not contain the file, or the file was already removed: the protocol allows only one
    /// action per file in a commit.
    /// </exception>
    public void Remove(AddFile file)
    {
        _removable ??= [.. _read?.Files.Select(f => f.DecodedPath) ?? []];
        if (_read is null || !_removable.Remove(file.DecodedPath))
        {
            throw new ArgumentException(
                $"{file.Path} is not a file of the snapshot read, or was already removed", nameof(file));
        }

        if (!_rearranges && TableFeatures.IsAppendOnly(_read.Metadata))
        {
            throw OneRecException.Table(
                "delta.append-only",
                $"{_folder.Path} version {_read.Version} is append-only (property delta.appendOnly); "
                + "unset the property to remove rows");
        }

        _removes.Add(file);
    }

    /// <summary>Removes data files of the snapshot that was read.</summary>
    /// <exception cref="OneRecException">Table error <c>delta.append-only</c>.</exception>
    public void Remove(IEnumerable<AddFile> files)
    {
        foreach (AddFile file in files)
        {
            Remove(file);
        }
    }

    /// <summary>Records the progress of an application (<c>txn</c>) in the same commit.</summary>
    public void SetTransaction(string appId, long version) => _applications.Add(new ApplicationTransaction(appId, version));

    /// <summary>Commits. The transaction cannot be used again.</summary>
    /// <param name="operation">Delta's name for it, such as <c>WRITE</c>, <c>DELETE</c>, <c>CREATE TABLE</c>.</param>
    /// <param name="operationParameters">Such as mode <c>Append</c>; null if there are none.</param>
    /// <param name="userMetadata">Free text; null if there is none.</param>
    /// <param name="onConflict">What to do if others have committed since the snapshot was read.</param>
    /// <exception cref="OneRecException">
    /// Engine error <c>delta.write-failed</c> if the disk reports an error. The log then shows whether the commit succeeded.
    /// </exception>
    /// <exception cref="ArgumentException">
    /// <see cref="OnConflict.AppendAfter"/> with removals or for a new table; <see cref="OnConflict.RearrangeAfter"/> in a
    /// transaction that is no rearrangement.
    /// </exception>
    public CommitResult Commit(
        string operation,
        IReadOnlyDictionary<string, string>? operationParameters = null,
        string? userMetadata = null,
        OnConflict onConflict = OnConflict.Fail)
    {
        if (onConflict == OnConflict.AppendAfter && (_removes.Count > 0 || _read is null))
        {
            throw new ArgumentException("only an append to an existing table can be retried after other commits", nameof(onConflict));
        }

        if (onConflict == OnConflict.RearrangeAfter && !_rearranges)
        {
            throw new ArgumentException("the transaction changes rows", nameof(onConflict));
        }

        ObjectDisposedException.ThrowIf(_committed, this);
        _committed = true;
        CommitResult result = OnDisk(() => Commit(
            Actions(operation, operationParameters ?? new Dictionary<string, string>(), userMetadata, onConflict),
            onConflict));
        if (result is CommitResult.Committed { Version: var version })
        {
            new Checkpoints(_folder).AfterCommit(version, _checkpoint, Configuration);
        }

        return result;
    }

    private CommitResult Commit(byte[] actions, OnConflict onConflict)
    {
        string log = Path.Combine(_folder.Path, LogPath.Folder);
        _folder.Disk.CreateFolder(log);
        string temporary = Path.Combine(log, LogPath.NewTemporary());
        try
        {
            _folder.Disk.Write(temporary, actions);
            return Link(log, temporary, onConflict);
        }
        finally
        {
            Discard(temporary);
        }
    }

    /// <summary>Links the durable commit to the name of its version, unless that name is taken.</summary>
    private CommitResult Link(string log, string temporary, OnConflict onConflict)
    {
        long version = (_read?.Version ?? -1) + 1;

        // Cleaning up a log frees old names; a transaction based on an old snapshot must not take one of them.
        LogListing before = LogListing.Of(_folder.Path);
        _checkpoint = before.NewestCheckpoint;
        while (true)
        {
            string name = Path.Combine(log, LogPath.Commit(version));
            if (Directory.Exists(name))
            {
                throw ActionReader.NotAFile(_folder.Path, version, name);
            }

            if (before.Newest < version && _folder.Disk.Link(temporary, name))
            {
                _folder.Disk.SyncFolder(log);
                return new CommitResult.Committed(version);
            }

            if (onConflict == OnConflict.Fail || !MayFollow(log, version))
            {
                return new CommitResult.Conflict(version);
            }

            version++;
        }
    }

    /// <summary>Deletes the temporary file. A file left behind is harmless, so an error here does not fail the commit.</summary>
    private void Discard(string temporary)
    {
        try
        {
            _folder.Disk.Delete(temporary);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
        }
    }

    /// <summary>
    /// Whether an append or a rearrangement may come after another writer's commit (Delta protocol, "Conflict Resolution"): it
    /// keeps columns and protocol, and removes none of the files that are rearranged.
    /// </summary>
    private bool MayFollow(string log, long version)
    {
        string path = Path.Combine(log, LogPath.Commit(version));
        if (!Path.Exists(path))
        {
            return false;
        }

        IReadOnlyList<TableAction> theirs = ActionReader.ReadCommit(_folder.Path, version, path);
        CommitMetrics.RequireWhole(_folder.Path, version, theirs);
        HashSet<string> moved = [.. _removes.Select(f => f.DecodedPath)];
        return theirs.All(a => a switch
        {
            Metadata or Protocol => false,
            RemoveFile remove => !moved.Contains(remove.DecodedPath),
            ApplicationTransaction txn => !_applications.Any(ours => ours.AppId == txn.AppId),
            _ => true,
        });
    }

    private byte[] Actions(
        string operation,
        IReadOnlyDictionary<string, string> parameters,
        string? userMetadata,
        OnConflict onConflict)
    {
        long now = _folder.Clock.GetUtcNow().ToUnixTimeMilliseconds();
        using var writer = new ActionWriter();
        var metrics = new Dictionary<string, string>
        {
            ["numFiles"] = _adds.Count.ToString(CultureInfo.InvariantCulture),
            ["numOutputRows"] = _adds.Sum(f => f.Rows).ToString(CultureInfo.InvariantCulture),
            ["numOutputBytes"] = _adds.Sum(f => f.Size).ToString(CultureInfo.InvariantCulture),
            ["numRemovedFiles"] = _removes.Count.ToString(CultureInfo.InvariantCulture),
        };
        writer.CommitInfo(
            now, operation, parameters, _read?.Version, onConflict == OnConflict.AppendAfter, metrics, userMetadata, Engine);
        if (_create is { } shape)
        {
            writer.Protocol(Protocol.Plain);
            writer.Metadata(new Metadata(
                Guid.NewGuid().ToString("D"),
                DeltaSchema.Write(shape.Schema),
                shape.PartitionColumns,
                shape.Configuration,
                now,
                null,
                null,
                "parquet"));
        }

        foreach (ApplicationTransaction application in _applications)
        {
            writer.Transaction(application, now);
        }

        foreach (AddFile file in _removes)
        {
            writer.Remove(file, now, !_rearranges);
        }

        foreach (DataFile file in _adds)
        {
            writer.Add(file, !_rearranges);
        }

        return writer.Sealed();
    }

    private void OnDisk(Action act) => OnDisk(() =>
    {
        act();
        return true;
    });

    private T OnDisk<T>(Func<T> act)
    {
        try
        {
            return act();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw OneRecException.Engine(
                "delta.write-failed", SystemFailure.Line($"{_folder.Path}: cannot write the table", e), e);
        }
    }
}
