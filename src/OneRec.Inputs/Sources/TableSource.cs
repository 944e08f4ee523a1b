using OneRec.Core;
using OneRec.Csv.Types;
using OneRec.Inputs.Columns;
using OneRec.Inputs.Files;

namespace OneRec.Inputs.Sources;

/// <summary>A table that the engine looks up and reads by itself: of a catalog, or a Delta table on its file systems.</summary>
/// <remarks>It has no partitions to exclude here: the engine excludes them by the predicates of the query.</remarks>
public sealed class TableSource : InputSource, INativeSource
{
    private readonly StoredTable _table;
    private readonly ParquetColumns _columns;

    private TableSource(InputFiles files, StoredTable table, ParquetColumns columns)
        : base(files, columns.Read) => (_table, _columns) = (table, columns);

    /// <inheritdoc/>
    /// <remarks>Not known before the rows are read.</remarks>
    public override bool HasRows => true;

    /// <inheritdoc/>
    public override IReadOnlyList<string> PartitionColumns => [];

    /// <inheritdoc/>
    public override IReadOnlyList<IReadOnlyList<string?>> Partitions => [];

    /// <summary>Determines the columns of a table.</summary>
    /// <exception cref="OneRecException">Two columns differ only in letter case (exit 3); a declared type does not fit (exit 2).</exception>
    public static TableSource Open(InputFiles files, StoredTable table, IReadOnlyDictionary<string, ColumnType> declared)
    {
        ArgumentNullException.ThrowIfNull(files);
        ArgumentNullException.ThrowIfNull(table);
        ArgumentNullException.ThrowIfNull(declared);
        return new TableSource(files, table, new ParquetColumns([(files.Root, table.Columns)], declared));
    }

    /// <inheritdoc/>
    public IRelation Read(IQueryEngine engine)
    {
        ArgumentNullException.ThrowIfNull(engine);
        return engine.ReadStored(new TableColumns(_table, _columns.Schema));
    }

    /// <inheritdoc/>
    public override InputSource WithPartitions(IReadOnlyList<int> indexes) => this;

    /// <inheritdoc/>
    public override void RequireReadable(string? sql)
    {
        foreach (string column in SqlIdentifiers.Columns(sql, _columns.UnreadableColumns))
        {
            _columns.ThrowIfUnreadable(column);
        }
    }

    /// <inheritdoc/>
    /// <remarks>The engine's error names the file.</remarks>
    public void RequireWhole()
    {
    }

    /// <inheritdoc/>
    internal override SourceRead Begin(IReadOnlyList<ReadColumn> check, string? defaultReason = null) =>
        new NativeRead(this, check, defaultReason ?? "a column cannot be parsed");

    /// <inheritdoc/>
    internal override IEnumerable<string> UnreadableColumns => _columns.UnreadableColumns;

    /// <inheritdoc/>
    internal override IEnumerable<string> Values(string column) => Files.Store.FirstValues(_table, column, CsvSource.SampleRows);

    /// <inheritdoc/>
    protected override void ThrowIfUnreadable(string column) => _columns.ThrowIfUnreadable(column);
}
