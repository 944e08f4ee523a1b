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

    /// <summary>The version to read.</summary>
    public long Version => _snapshot.Version;

    /// <summary>Size of the files in bytes.</summary>
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
    /// <exception cref="OneRecException">There is no table, or it cannot be read (exit 3); a declared type does not fit (exit 2).</exception>
    public static DeltaInput Open(InputFiles files, IReadOnlyDictionary<string, ColumnType> declared)
    {
        ArgumentNullException.ThrowIfNull(files);
        ArgumentNullException.ThrowIfNull(declared);
        return WrapErrors(files, () =>
        {
            Snapshot snapshot = DeltaTable.At(files.Root).LatestSnapshot() ?? throw OneRecException.Input(
                "input.missing-file", $"{files.Key}: {files.Root} is not a Delta table: its log is empty");

            // An engine may follow any path; a table's files are below its folder.
            foreach (AddFile file in snapshot.Files)
            {
                snapshot.FullPath(file);
            }

            return new DeltaInput(files, snapshot, new ParquetColumns([(files.Root, snapshot.Schema)], declared), null);
        });
    }

    /// <summary>Reads the rows, every column as its native type.</summary>
    public IRelation Read(IQueryEngine engine)
    {
        ArgumentNullException.ThrowIfNull(engine);
        try
        {
            return WrapErrors(
                Files, () => engine.ReadDelta(new DeltaFiles(Files.Root, _snapshot.Version, _columns.Schema) { Partitions = _kept }));
        }
        catch (OneRecException e) when (e.Code is "delta.file-missing" or "delta.file-broken")
        {
            RequireWhole();
            throw;
        }
    }

    /// <inheritdoc/>
    public override InputSource WithPartitions(IReadOnlyList<int> indexes)
    {
        ArgumentNullException.ThrowIfNull(indexes);
        return new DeltaInput(Files, _snapshot, _columns, [.. indexes.Select(p => Partitions[p])]);
    }

    /// <inheritdoc/>
    public override void RequireReadable(string? sql)
    {
        foreach (string column in SqlIdentifiers.Columns(sql, _columns.UnreadableColumns))
        {
            _columns.ThrowIfUnreadable(column);
        }
    }

    /// <summary>Reads a Delta log and converts errors: a broken table is exit 4 if it is ours, but exit 3 if it is an input.</summary>
    internal static T WrapErrors<T>(InputFiles files, Func<T> read)
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
    internal override SourceRead Begin(IReadOnlyList<ReadColumn> check, string? defaultReason = null) =>
        new NativeRead(this, check, defaultReason ?? "a column cannot be parsed");

    /// <summary>Reads the files to their ends.</summary>
    /// <exception cref="OneRecException">A file is missing, truncated or damaged (exit 3).</exception>
    public void RequireWhole()
    {
        foreach (AddFile file in _snapshot.Files)
        {
            string path = _snapshot.FullPath(file);
            if (!File.Exists(path))
            {
                throw OneRecException.Input(
                    "input.missing-file",
                    $"{Files.Key}: {Files.Root} version {_snapshot.Version} is missing its file {path}; restore it");
            }

            ParquetHead.RequireWhole(path);
        }
    }

    /// <inheritdoc/>
    internal override IEnumerable<string> UnreadableColumns => _columns.UnreadableColumns;

    /// <inheritdoc/>
    internal override IEnumerable<string> Values(string column) => _snapshot.Files
        .Select(_snapshot.FullPath)
        .Order(StringComparer.Ordinal)
        .SelectMany(f => ParquetHead.Texts(f, column));

    /// <inheritdoc/>
    protected override void ThrowIfUnreadable(string column) => _columns.ThrowIfUnreadable(column);
}
