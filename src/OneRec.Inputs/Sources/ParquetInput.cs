using Apache.Arrow;
using OneRec.Core;
using OneRec.Csv.Types;
using OneRec.Inputs.Columns;
using OneRec.Inputs.Files;
using OneRec.Parquet;

namespace OneRec.Inputs.Sources;

/// <summary>Parquet files, with the columns that all of them share by name.</summary>
public sealed class ParquetInput : FileSource, INativeSource
{
    private readonly ParquetColumns _columns;
    private readonly IReadOnlyList<SourceColumn> _all;
    private readonly IReadOnlyDictionary<string, int> _kinds;
    private readonly bool _hasRows;

    private ParquetInput(
        InputFiles files,
        ParquetColumns columns,
        IReadOnlyList<SourceColumn> all,
        IReadOnlyDictionary<string, int> kinds,
        bool hasRows)
        : base(files, all) => (_columns, _all, _kinds, _hasRows) = (columns, all, kinds, hasRows);

    /// <inheritdoc/>
    public override bool HasRows => _hasRows;

    /// <summary>Reads every footer.</summary>
    /// <exception cref="OneRecException">A file is not Parquet (exit 3); a declared type does not fit (exit 2).</exception>
    public static ParquetInput Open(InputFiles files, IReadOnlyDictionary<string, ColumnType> declared)
    {
        ArgumentNullException.ThrowIfNull(files);
        ArgumentNullException.ThrowIfNull(declared);
        (string File, Schema Columns, long Rows)[] heads = [.. files.Files.Select(f =>
        {
            (Schema columns, long rows) = ParquetHead.Read(f, files.Source(f));
            files.RequireNoBombs(f);
            return (f, Without(columns, files.Partitions?.Columns ?? []), rows);
        })];
        var shared = new ParquetColumns([.. heads.Select(h => (h.File, h.Columns))], declared);
        SourceColumn[] all = [.. shared.Read, .. FolderColumns(files.Partitions, declared)];
        return new ParquetInput(files, shared, all, Kinds(heads), heads.Any(h => h.Rows > 0));
    }

    /// <summary>Reads the rows, every column as its native type.</summary>
    public IRelation Read(IQueryEngine engine)
    {
        ArgumentNullException.ThrowIfNull(engine);
        return engine.ReadParquet(new ParquetFiles(Files.Files, _columns.Schema)
        {
            Alike = [.. Files.Files.Select(f => _kinds[f])],
            Partitions = Files.Partitions,
        });
    }

    /// <inheritdoc/>
    public override void RequireReadable(string? sql)
    {
        foreach (string column in SqlIdentifiers.Columns(sql, _columns.UnreadableColumns))
        {
            _columns.ThrowIfUnreadable(column);
        }
    }

    /// <inheritdoc/>
    internal override SourceRead Begin(IReadOnlyList<ReadColumn> check, string? defaultReason = null) =>
        new NativeRead(this, check, defaultReason ?? "a column cannot be parsed");

    /// <summary>Reads the files to their ends if they are on disks of this machine; otherwise looks whether they are there.</summary>
    /// <exception cref="OneRecException">A file is missing, truncated or damaged (exit 3).</exception>
    public void RequireWhole()
    {
        if (!Files.AreLocal)
        {
            Files.RequireThere();
            return;
        }

        foreach (string file in Files.Files)
        {
            ParquetHead.RequireWhole(file);
        }
    }

    /// <inheritdoc/>
    internal override IEnumerable<string> UnreadableColumns => _columns.UnreadableColumns;

    /// <inheritdoc/>
    internal override IEnumerable<string> Values(string column) => Files.Files.SelectMany(f => ParquetHead.Texts(f, column, Files.Source(f)));

    /// <inheritdoc/>
    protected override FileSource With(InputFiles files) => new ParquetInput(files, _columns, _all, _kinds, _hasRows);

    /// <inheritdoc/>
    protected override void ThrowIfUnreadable(string column) => _columns.ThrowIfUnreadable(column);

    // Files are of one kind if they have the same names and types in the same order.
    private static Dictionary<string, int> Kinds(IEnumerable<(string File, Schema Columns, long Rows)> heads)
    {
        var kinds = new Dictionary<string, int>(StringComparer.Ordinal);
        var files = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach ((string file, Schema columns, _) in heads)
        {
            string kind = string.Join('\n', columns.FieldsList.Select(f => $"{f.Name}\t{f.DataType}\t{ColumnTypes.Name(f.DataType)}"));
            kinds.TryAdd(kind, kinds.Count);
            files[file] = kinds[kind];
        }

        return files;
    }

    // As in Spark, a partition column takes precedence over a file column of the same name.
    private static Schema Without(Schema columns, IReadOnlyList<string> folders) =>
        new(columns.FieldsList.Where(f => !folders.Contains(f.Name, StringComparer.OrdinalIgnoreCase)), null);
}
