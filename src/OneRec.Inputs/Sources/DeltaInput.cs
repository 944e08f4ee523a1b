using OneRec.Core;
using OneRec.Csv.Types;
using OneRec.Delta;
using OneRec.Inputs.Columns;
using OneRec.Inputs.Files;
using OneRec.Parquet;

namespace OneRec.Inputs.Sources;

/// <summary>A Delta table at its newest version.</summary>
public sealed class DeltaInput : InputSource, INativeSource
{
    private readonly Snapshot _snapshot;
    private readonly ParquetColumns _columns;
    private readonly IReadOnlyList<IReadOnlyList<string?>>? _kept;

    private DeltaInput(
        InputFiles files, Snapshot snapshot, ParquetColumns columns, IReadOnlyList<IReadOnlyList<string?>>? kept)
        : base(files, columns.Read)
    {
        _snapshot = snapshot;
        _columns = columns;
        _kept = kept;
        Partitions = kept ?? (snapshot.PartitionColumns.Count == 0 ? [] : [.. snapshot.Files
            .Select(f => snapshot.PartitionColumns.Select(c => f.PartitionValues.GetValueOrDefault(c)).ToArray())
            .DistinctBy(v => string.Concat(v.Select(t => t is null ? "-" : $"{t.Length}:{t}")), StringComparer.Ordinal)]);
    }

    /// <summary>The version that is read.</summary>
    public long Version => _snapshot.Version;

    /// <summary>Bytes of its files.</summary>
    public long Bytes => _snapshot.Files.Sum(f => f.Size);

    /// <inheritdoc/>
    public override bool HasRows => _snapshot.Files.Count > 0 && _snapshot.Rows != 0;

    /// <inheritdoc/>
    public override IReadOnlyList<string> DataFiles => [.. _snapshot.Files.Select(_snapshot.FullPath).Order(StringComparer.Ordinal)];

    /// <inheritdoc/>
    public override IReadOnlyList<string> PartitionColumns => _snapshot.PartitionColumns;

    /// <inheritdoc/>
    public override IReadOnlyList<IReadOnlyList<string?>> Partitions { get; }

    /// <summary>Reads the table's log.</summary>
    /// <exception cref="OneRecException">No table, one that cannot be read (exit 3); a declared type that does not fit (exit 2).</exception>
    public static DeltaInput Open(InputFiles files, IReadOnlyDictionary<string, ColumnType> declared)
    {
        ArgumentNullException.ThrowIfNull(files);
        ArgumentNullException.ThrowIfNull(declared);
        return Guarded(files, () =>
        {
            Snapshot snapshot = DeltaTable.At(files.Root).LatestSnapshot() ?? throw OneRecException.Input(
                "input.missing-file", $"{files.Key}: {files.Root} holds no Delta table: its log is empty");

            // An engine may follow any path; a table's files are below its folder.
            foreach (AddFile file in snapshot.Files)
            {
                snapshot.FullPath(file);
            }

            return new DeltaInput(files, snapshot, new ParquetColumns([(files.Root, snapshot.Schema)], declared), null);
        });
    }

    /// <summary>The rows: every column as its native type.</summary>
    public IRelation Read(IQueryEngine engine)
    {
        ArgumentNullException.ThrowIfNull(engine);
        try
        {
            return Guarded(
                Files, () => engine.ReadDelta(new DeltaFiles(Files.Root, _snapshot.Version, _columns.Schema) { Partitions = _kept }));
        }
        catch (OneRecException e) when (e.Code is "delta.file-missing" or "delta.file-broken")
        {
            RequireWhole();
            throw;
        }
    }

    /// <inheritdoc/>
    public override InputSource WithPartitions(IReadOnlyList<int> places)
    {
        ArgumentNullException.ThrowIfNull(places);
        return new DeltaInput(Files, _snapshot, _columns, [.. places.Select(p => Partitions[p])]);
    }

    /// <inheritdoc/>
    public override void RequireReadable(string? sql)
    {
        foreach (string column in SqlWords.Columns(sql, _columns.Unread))
        {
            _columns.Refuse(column);
        }
    }

    /// <summary>Reads a log: a table of ours that is broken is exit 4, an input that is broken is bad input.</summary>
    internal static T Guarded<T>(InputFiles files, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (OneRecException e) when (e.Kind == ErrorKind.Table)
        {
            throw OneRecException.Input(e.Code, $"{files.Key}: {e.Message}", e);
        }
    }

    /// <inheritdoc/>
    internal override SourceRead Begin(IReadOnlyList<ReadColumn> check, string? otherwise = null) =>
        new NativeRead(this, check, otherwise ?? "a column does not parse");

    /// <summary>Reads the files to their ends.</summary>
    /// <exception cref="OneRecException">One is missing, cut off or damaged (exit 3).</exception>
    public void RequireWhole()
    {
        foreach (AddFile file in _snapshot.Files)
        {
            string path = _snapshot.FullPath(file);
            if (!File.Exists(path))
            {
                throw OneRecException.Input(
                    "input.missing-file",
                    $"{Files.Key}: {Files.Root} version {_snapshot.Version} lacks its file {path}; restore it");
            }

            ParquetHead.RequireWhole(path);
        }
    }

    /// <inheritdoc/>
    internal override IEnumerable<string> Unread => _columns.Unread;

    /// <inheritdoc/>
    internal override IEnumerable<string> Values(string column) => _snapshot.Files
        .Select(_snapshot.FullPath)
        .Order(StringComparer.Ordinal)
        .SelectMany(f => ParquetHead.Texts(f, column));

    /// <inheritdoc/>
    protected override void RefuseUnread(string column) => _columns.Refuse(column);
}
