using System.Globalization;
using Apache.Arrow;
using OneRec.Core;

namespace OneRec.Delta;

/// <summary>A change of a table, all of it or nothing. Begun by <see cref="DeltaTable.Begin(Snapshot)"/>.</summary>
/// <remarks>
/// The commit's JSON is written beside the log and made durable, then linked to its version's name: that fails where the
/// name is taken, so no commit is ever overwritten and one of any number of racers wins. A crash before the link leaves
/// files that no log names, after it a whole commit.
/// </remarks>
public sealed class Transaction
{
    private static readonly string Engine =
        "OneRec.Spark/" + (typeof(Transaction).Assembly.GetName().Version?.ToString(3) ?? "0");

    private readonly DeltaTable _table;
    private readonly Snapshot? _read;
    private readonly TableShape? _create;
    private readonly List<DataFile> _adds = [];
    private readonly List<AddFile> _removes = [];
    private readonly List<ApplicationTransaction> _applications = [];
    private HashSet<string>? _removable;
    private bool _committed;

    internal Transaction(DeltaTable table, Snapshot? read, TableShape? shape)
    {
        _table = table;
        _read = read;
        if (read is not null)
        {
            TableFeatures.RequireWritable(table.Folder, read.Version, read.Protocol, read.Metadata);
            (Schema, PartitionColumns, Configuration) = (read.Schema, read.PartitionColumns, read.Configuration);
            return;
        }

        ArgumentNullException.ThrowIfNull(shape);
        shape.RequireSound(table.Folder);
        _create = shape;
        (Schema, PartitionColumns, Configuration) = (shape.Schema, shape.PartitionColumns, shape.Configuration);
    }

    /// <summary>The table's columns, in the log's order.</summary>
    public Schema Schema { get; }

    /// <summary>Names of the partition columns.</summary>
    public IReadOnlyList<string> PartitionColumns { get; }

    /// <summary>Table properties.</summary>
    public IReadOnlyDictionary<string, string> Configuration { get; }

    /// <summary>A writer of data files for this table; its files are then given to <see cref="Add(IEnumerable{DataFile})"/>.</summary>
    /// <exception cref="OneRecException">Engine error <c>delta.write-failed</c>: the folder cannot be made.</exception>
    public DataFileWriter OpenWriter(DataFileOptions? options = null)
    {
        OnDisk(() => _table.Durable.CreateFolder(_table.Folder));
        return new DataFileWriter(_table, Schema, PartitionColumns, Configuration, options ?? new DataFileOptions());
    }

    /// <summary>Adds a data file.</summary>
    public void Add(DataFile file) => _adds.Add(file);

    /// <summary>Adds data files.</summary>
    public void Add(IEnumerable<DataFile> files) => _adds.AddRange(files);

    /// <summary>Removes a data file of the snapshot read.</summary>
    /// <exception cref="OneRecException">Table error <c>delta.append-only</c>.</exception>
    /// <exception cref="ArgumentException">
    /// The table is new, was read without that file, or the file is removed already: the protocol forbids two actions of one
    /// file in a commit.
    /// </exception>
    public void Remove(AddFile file)
    {
        _removable ??= [.. _read?.Files.Select(f => f.DecodedPath) ?? []];
        if (_read is null || !_removable.Remove(file.DecodedPath))
        {
            throw new ArgumentException(
                $"{file.Path} is no file of the snapshot read, or is removed already", nameof(file));
        }

        if (TableFeatures.IsAppendOnly(_read.Metadata))
        {
            throw OneRecException.Table(
                "delta.append-only",
                $"{_table.Folder} version {_read.Version} is append-only (property delta.appendOnly); "
                + "unset the property to remove rows");
        }

        _removes.Add(file);
    }

    /// <summary>Removes data files of the snapshot read.</summary>
    /// <exception cref="OneRecException">Table error <c>delta.append-only</c>.</exception>
    public void Remove(IEnumerable<AddFile> files)
    {
        foreach (AddFile file in files)
        {
            Remove(file);
        }
    }

    /// <summary>Notes how far an application has come (<c>txn</c>), in the same commit.</summary>
    public void SetTransaction(string appId, long version) => _applications.Add(new ApplicationTransaction(appId, version));

    /// <summary>Commits. The transaction cannot be used again.</summary>
    /// <param name="operation">Delta's word for it, such as <c>WRITE</c>, <c>DELETE</c>, <c>CREATE TABLE</c>.</param>
    /// <param name="operationParameters">Such as mode <c>Append</c>; null for none.</param>
    /// <param name="userMetadata">Free text; null for none.</param>
    /// <param name="onConflict">What to do when others committed since the snapshot was read.</param>
    /// <exception cref="OneRecException">
    /// Engine error <c>delta.write-failed</c> where the disk refuses. Whether the commit is in is then told by the log.
    /// </exception>
    /// <exception cref="ArgumentException"><see cref="OnConflict.AppendAfter"/> with removals or for a new table.</exception>
    public CommitResult Commit(
        string operation,
        IReadOnlyDictionary<string, string>? operationParameters = null,
        string? userMetadata = null,
        OnConflict onConflict = OnConflict.Fail)
    {
        if (onConflict == OnConflict.AppendAfter && (_removes.Count > 0 || _read is null))
        {
            throw new ArgumentException("only an append to a table that is there can go on after others", nameof(onConflict));
        }

        ObjectDisposedException.ThrowIf(_committed, this);
        _committed = true;
        return OnDisk(() => Commit(
            Actions(operation, operationParameters ?? new Dictionary<string, string>(), userMetadata, onConflict),
            onConflict));
    }

    private CommitResult Commit(ReadOnlyMemory<byte> actions, OnConflict onConflict)
    {
        string log = Path.Combine(_table.Folder, LogPath.Folder);
        _table.Durable.CreateFolder(log);
        string temporary = Path.Combine(log, $"_commit_{Guid.NewGuid():D}.json.tmp");
        try
        {
            _table.Durable.Write(temporary, actions.Span);
            return Link(log, temporary, onConflict);
        }
        finally
        {
            Discard(temporary);
        }
    }

    /// <summary>Gives the durable commit the name of its version, or finds that somebody else has it.</summary>
    private CommitResult Link(string log, string temporary, OnConflict onConflict)
    {
        long version = (_read?.Version ?? -1) + 1;

        // Cleaning up a log frees old names: a snapshot so old must not take one of them.
        long newest = LogSegment.Newest(_table.Folder);
        while (true)
        {
            if (newest < version && _table.Durable.Link(temporary, Path.Combine(log, LogPath.Commit(version))))
            {
                _table.Durable.SyncFolder(log);
                return new CommitResult.Committed(version);
            }

            if (onConflict == OnConflict.Fail || !MayFollow(log, version))
            {
                return new CommitResult.Conflict(version);
            }

            version++;
        }
    }

    /// <summary>Removes the first name of a commit. Left behind it does no harm, so that is no failure of the commit.</summary>
    private void Discard(string temporary)
    {
        try
        {
            _table.Durable.Delete(temporary);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
        }
    }

    /// <summary>Whether an append can follow a commit that others made.</summary>
    private bool MayFollow(string log, long version)
    {
        string path = Path.Combine(log, LogPath.Commit(version));
        return File.Exists(path) && ActionReader.ReadCommit(_table.Folder, version, path).All(a => a switch
        {
            Metadata or Protocol => false,
            ApplicationTransaction theirs => !_applications.Any(ours => ours.AppId == theirs.AppId),
            _ => true,
        });
    }

    private ReadOnlyMemory<byte> Actions(
        string operation,
        IReadOnlyDictionary<string, string> parameters,
        string? userMetadata,
        OnConflict onConflict)
    {
        long now = _table.Clock.GetUtcNow().ToUnixTimeMilliseconds();
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
            writer.Remove(file, now);
        }

        foreach (DataFile file in _adds)
        {
            writer.Add(file);
        }

        return writer.Bytes;
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
                "delta.write-failed", $"{_table.Folder}: cannot be written ({e.Message.ReplaceLineEndings(" ")})", e);
        }
    }
}
