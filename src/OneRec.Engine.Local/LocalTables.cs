using Apache.Arrow;
using OneRec.Core;
using OneRec.Delta;

namespace OneRec.Engine.Local;

/// <summary>The Delta tables of a local folder, held by this process alone but for reading.</summary>
internal sealed class LocalTables : ITableStore, IDisposable
{
    /// <summary>The table property that names our layout, and its value.</summary>
    public const string SchemaProperty = "onerec.schema";

    private const string SchemaVersion = "1";

    private readonly LocalSettings _settings;
    private readonly TimeProvider _clock;
    private readonly FolderLock? _lock;
    private readonly CancellationToken _cancellation;

    /// <summary>Takes the folder.</summary>
    /// <exception cref="OneRecException">It cannot be written (exit 2), or another run holds it (exit 4).</exception>
    public LocalTables(LocalSettings settings, TimeProvider clock, CancellationToken cancellation)
    {
        _settings = settings;
        _clock = clock;
        _cancellation = cancellation;
        _lock = settings.ReadOnly ? null : FolderLock.Take(settings.Tables);
    }

    /// <summary>Where scratch goes: beside the tables, on their disk; a query's in a temporary folder of its own.</summary>
    public string ScratchFolder => _settings.ReadOnly
        ? Directory.CreateTempSubdirectory("onerec-query-").FullName
        : Path.Combine(_settings.Tables, ".scratch");

    /// <inheritdoc/>
    public TableState? State(string table)
    {
        DeltaTable delta = At(table);
        if (delta.LatestSnapshot() is not { } snapshot)
        {
            return null;
        }

        RequireOurs(table, snapshot);
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

    /// <summary>A SELECT of a table's rows, by name of the files of one snapshot.</summary>
    /// <exception cref="OneRecException">Table error: no such table or version.</exception>
    public string SelectOf(string table, long? version)
    {
        DeltaTable delta = At(table);
        Snapshot snapshot = version is { } v
            ? delta.SnapshotAt(v)
            : delta.LatestSnapshot() ?? throw OneRecException.Table(
                "table.missing", $"{delta.Folder}: there is no table '{table}'; run the step that makes it first");
        RequireOurs(table, snapshot);
        return SnapshotSelect.Of(snapshot);
    }

    /// <summary>Writes rows in one commit.</summary>
    /// <param name="rows">Batches; disposed here.</param>
    /// <param name="write">Table, mode and note.</param>
    /// <param name="session">Reads rows that a replace keeps.</param>
    public WriteResult Write(IEnumerable<RecordBatch> rows, TableWrite write, DuckDbSession session)
    {
        if (_lock is null)
        {
            throw new InvalidOperationException("this engine was opened to read");
        }

        DeltaTable delta = At(write.Table.Name);
        Snapshot? read = delta.LatestSnapshot();
        if (read is not null)
        {
            RequireOurs(write.Table.Name, read);
        }

        if (write.ReadVersion is { } expected && read?.Version is { } there && there != expected)
        {
            return new WriteResult.Conflict(there);
        }

        return new TableCommit(delta, read, write, session, _cancellation).Make(rows);
    }

    /// <inheritdoc/>
    public void Dispose() => _lock?.Dispose();

    /// <summary>A new table's shape.</summary>
    internal static TableShape ShapeOf(TableDefinition table) => new(
        table.Schema,
        table.PartitionColumns,
        new Dictionary<string, string> { [SchemaProperty] = SchemaVersion });

    private static void RequireOurs(string table, Snapshot snapshot)
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

    private DeltaTable At(string table) => DeltaTable.At(Path.Combine(_settings.Tables, table), _clock);
}
