using Apache.Arrow;
using OneRec.Core;
using OneRec.Delta;
using OneRec.Engine.Local.DuckDb;
using OneRec.Engine.Local.Relations;

namespace OneRec.Engine.Local;

/// <summary>The Delta tables of a local folder, locked by this process if it runs steps alone.</summary>
internal sealed class LocalTables : ITableStore, IDisposable
{
    /// <summary>The table property with the version of the table layout.</summary>
    public const string SchemaProperty = "onerec.schema";

    private const string SchemaVersion = "1";

    private readonly LocalSettings _settings;
    private readonly TimeProvider _clock;
    private readonly FolderLock? _lock;
    private readonly SharedScratch? _shared;
    private readonly CancellationToken _cancellation;

    /// <summary>Opens the folder and locks it.</summary>
    /// <exception cref="OneRecException">It cannot be written (exit 2), or another run uses it (exit 4).</exception>
    public LocalTables(LocalSettings settings, TimeProvider clock, CancellationToken cancellation)
    {
        _settings = settings;
        _clock = clock;
        _cancellation = cancellation;
        _lock = settings.Access == EngineAccess.Run ? FolderLock.Take(settings.Tables) : null;
        _shared = settings.Access == EngineAccess.Share ? SharedScratch.Take(settings.Tables) : null;
    }

    /// <summary>The data files that SQL reads.</summary>
    public TableReads Reads { get; } = new();

    /// <summary>The scratch folder: beside the tables, on the same disk; for a query, a new temporary folder.</summary>
    public string ScratchFolder => _settings.Access switch
    {
        EngineAccess.Read => Directory.CreateTempSubdirectory("onerec-query-").FullName,
        EngineAccess.Share => _shared!.Folder,
        _ => Path.Combine(_settings.Tables, ".scratch"),
    };

    /// <inheritdoc/>
    public TableState? State(string table)
    {
        DeltaTable delta = At(table);
        if (delta.LatestSnapshot() is not { } snapshot)
        {
            return null;
        }

        RequireLayout(table, snapshot);
        long data = delta.History().FirstOrDefault(h => h.ChangesData)?.Version ?? snapshot.Version;
        return new TableState(snapshot.Version, data, snapshot.Schema);
    }

    /// <inheritdoc/>
    public NotedCommit? NewestCommit(string table, string step)
    {
        foreach (HistoryEntry entry in At(table).History().Where(h => h.ChangesData))
        {
            if (CommitNote.TryRead(entry.UserMetadata) is { } note && note.Step == step)
            {
                return new NotedCommit(entry.Version, note);
            }
        }

        return null;
    }

    /// <inheritdoc/>
    public bool OthersChanged(string table, long after) => At(table).History()
        .TakeWhile(h => h.Version > after)
        .Any(h => h.ChangesData && CommitNote.TryRead(h.UserMetadata) is null);

    /// <inheritdoc/>
    public long? VersionAt(string table, DateTimeOffset time) => At(table).History().FirstOrDefault(h => h.Timestamp <= time)?.Version;

    /// <inheritdoc/>
    public IReadOnlySet<string> DoneOnce(string table) =>
        At(table).LatestSnapshot()?.Transactions.Keys.ToHashSet(StringComparer.Ordinal) ?? [];

    /// <summary>A SELECT of a table's rows that names the files of one snapshot.</summary>
    /// <remarks>Queries do not verify checksums: they would read every byte of a table to look up one row.</remarks>
    /// <exception cref="OneRecException">Table error: there is no such table or version, or a data file is missing or damaged.</exception>
    public string SelectOf(string table, long? version)
    {
        DeltaTable delta = At(table);
        Snapshot snapshot = version is { } v
            ? delta.SnapshotAt(v)
            : delta.LatestSnapshot() ?? throw OneRecException.Table(
                "table.missing", $"{delta.Folder}: there is no table '{table}'; run the step that makes it first");
        RequireLayout(table, snapshot);
        Reads.Add(snapshot, verify: _settings.Access != EngineAccess.Read);
        return SnapshotSelect.OfTable(snapshot);
    }

    /// <summary>Writes rows in one commit.</summary>
    /// <param name="rows">Batches; disposed here.</param>
    /// <param name="write">Table, mode and note.</param>
    /// <param name="session">Reads the rows that a replace keeps.</param>
    public WriteResult Write(IEnumerable<RecordBatch> rows, TableWrite write, DuckDbSession session)
    {
        if (_settings.Access == EngineAccess.Read)
        {
            throw new InvalidOperationException("this engine was opened read-only");
        }

        DeltaTable delta = At(write.Table.Name);
        Snapshot? read = delta.LatestSnapshot();
        if (read is not null)
        {
            RequireLayout(write.Table.Name, read);
        }

        if (write.Once is { } once && read?.Transactions.ContainsKey(once) == true)
        {
            return new WriteResult.AlreadyDone(read.Version);
        }

        if (write.ReadVersion is { } expected && read?.Version is { } there && there != expected)
        {
            return new WriteResult.Conflict(there);
        }

        return new TableCommit(delta, read, write, session, _cancellation).Make(rows);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _lock?.Dispose();
        _shared?.Dispose();
    }

    /// <summary>The shape of a new table.</summary>
    internal static TableShape ShapeOf(TableDefinition table) => new(
        table.Schema,
        table.PartitionColumns,
        new Dictionary<string, string> { [SchemaProperty] = SchemaVersion });

    /// <summary>A table, whether or not it exists.</summary>
    internal DeltaTable At(string table) => DeltaTable.At(Path.Combine(_settings.Tables, table), _clock);

    private static void RequireLayout(string table, Snapshot snapshot)
    {
        string? found = snapshot.Configuration.GetValueOrDefault(SchemaProperty);
        if (found != SchemaVersion)
        {
            throw OneRecException.Table(
                "table.layout",
                $"{table} version {snapshot.Version} has {SchemaProperty}={found ?? "none"}, this program reads "
                + $"{SchemaProperty}={SchemaVersion}; use another tables folder");
        }
    }
}
