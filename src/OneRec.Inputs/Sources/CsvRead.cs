using OneRec.Core;
using OneRec.Csv.Columns;
using OneRec.Csv.Files;
using OneRec.Csv.Types;
using OneRec.Inputs.Columns;
using OneRec.Inputs.Files;

namespace OneRec.Inputs.Sources;

/// <summary>Reads CSV and lines of JSON. The tokenizer parses and checks the values; SQL sees the results.</summary>
internal sealed class CsvRead : SourceRead
{
    private readonly CsvSource _source;
    private readonly IReadOnlyList<ReadColumn> _check;
    private readonly Dictionary<ReadColumn, int> _indexes = new(ReferenceEqualityComparer.Instance);
    private readonly string _defaultReason;
    private readonly bool _detailsForAllRows;
    private readonly SortedSet<int> _texts = [];
    private readonly int _problems;

    /// <summary>Starts a read of a source.</summary>
    /// <param name="source">The source.</param>
    /// <param name="check">Columns to check.</param>
    /// <param name="defaultReason">Reason for a bad row without an invalid column; null: there are no such rows.</param>
    public CsvRead(CsvSource source, IReadOnlyList<ReadColumn> check, string? defaultReason)
    {
        _source = source;
        _check = check;

        // Two checks of one column may be equal, yet each has its own column in the batches.
        for (int i = 0; i < check.Count; i++)
        {
            _indexes.Add(check[i], i);
        }

        _defaultReason = defaultReason ?? "a column cannot be parsed";
        _detailsForAllRows = defaultReason is not null;
        _problems = 1 + check.Select(CheckOf).Append(0).Max();
        Details =
        [
            .. Enumerable.Range(0, _problems).Select(CsvRequest.Problem),
            CsvRequest.File, CsvRequest.Block, CsvRequest.Row, CsvRequest.Text,
        ];
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Details { get; }

    private CsvFiles Files => new(_source.Files.Files, Request())
    {
        Partitions = _source.Files.Partitions,
        Orders = _source.Shape.Orders(_source.Files.Files),
        Converted = _source.Shape.Converted(_source.Files.Files),
    };

    /// <inheritdoc/>
    public override string Typed(SqlWriter sql, ReadColumn column) => _indexes.TryGetValue(column, out int index)
        ? sql.Name(NameOf(index))
        : throw new ArgumentException($"column {column.Column.Name} is not checked", nameof(column));

    /// <inheritdoc/>
    public override void UseText(string column) => _texts.Add(_source.IndexOf(column));

    /// <inheritdoc/>
    public override string InvalidValues(SqlWriter sql)
    {
        IEnumerable<string> bad = Enumerable.Range(0, Math.Min(2, _problems)).Select(p => $"{CsvRequest.Problem(p)} IS NOT NULL");
        return $"CASE WHEN {string.Join(" OR ", bad)} THEN 1 ELSE 0 END";
    }

    /// <inheritdoc/>
    public override IEnumerable<string> SelectDetails(SqlWriter sql) => Details;

    /// <inheritdoc/>
    public override string BadRowDetail(string detail, string flag) => detail;

    /// <inheritdoc/>
    public override IRelation Rows(IQueryEngine engine) => engine.ReadCsv(Files);

    /// <inheritdoc/>
    /// <remarks>Spark's error for a truncated gzip file does not name the file.</remarks>
    public override void ThrowFileError(OneRecException failure)
    {
        if (!_source.Files.AreLocal)
        {
            _source.Files.RequireThere();
        }
        else if (failure.Kind == ErrorKind.Engine)
        {
            foreach (CsvFile file in _source.Files.Files.Select(_source.Files.Text).Where(f => f.IsCompressed))
            {
                file.RequireWhole();
            }
        }
    }

    /// <inheritdoc/>
    protected override BadRow FirstBadRow(IQueryEngine engine, IRelation rows, string flag, int groups)
    {
        RowLocator locator = Locator(engine);
        SqlScript first = SqlScript.Load(typeof(CsvRead), "first_bad_rows.sql").With("flag", new SqlArgument.Expression(flag));
        (long File, long Block, long Row) place = RowReader.Read(engine.Collect(engine.Sql(first, ("source", rows))))
            .Select(r => ((long)r[0]!, (long)r[1]!, (long)r[2]!))
            .MinBy(p => locator.Locate(p))!;
        SqlScript one = SqlScript.Load(typeof(CsvRead), "bad_row.sql")
            .With("problem", Problem(groups))
            .With("malformed", Malformed)
            .With("default_reason", _defaultReason)
            .With("flag", new SqlArgument.Expression(flag))
            .With("file", place.File)
            .With("block", place.Block)
            .With("row", place.Row);
        object?[] row = RowReader.Read(engine.Collect(engine.Sql(one, ("source", rows))))[0];
        (int file, long number) = locator.Locate(place);
        return new BadRow(_source.Files.Files[file], number, (string)row[0]!, (string?)row[1]) { IsMalformed = row[2] is 1L };
    }

    /// <inheritdoc/>
    protected override IEnumerable<BadRow> AllBadRows(IQueryEngine engine, IRelation rows, string flag, int groups)
    {
        RowLocator locator = Locator(engine);
        SqlScript script = SqlScript.Load(typeof(CsvRead), "bad_csv_rows.sql")
            .With("problem", Problem(groups))
            .With("malformed", Malformed)
            .With("default_reason", _defaultReason)
            .With("flag", new SqlArgument.Expression(flag))
            .With("limit", BadRowList.MaxRows + 1);
        return RowReader.Read(engine.Collect(engine.Sql(script, ("source", rows))))
            .Select(r => (Place: locator.Locate(((long)r[3]!, (long)r[4]!, (long)r[5]!)), Cells: r))
            .OrderBy(r => r.Place)
            .Select(r => new BadRow(_source.Files.Files[r.Place.File], r.Place.Row, (string)r.Cells[0]!, (string?)r.Cells[1])
            {
                IsMalformed = r.Cells[2] is 1L,
            });
    }

    private static string NameOf(int place) => $"onerec_c{place}";

    // Column 0 of the problems is for malformed records.
    private static int CheckOf(ReadColumn column) => column.Group + 1;

    private static SqlArgument.Expression Malformed => new(CsvRequest.Problem(0));

    private SqlArgument.Expression Problem(int groups) =>
        new(string.Join(", ", Enumerable.Range(0, 1 + Math.Min(groups, _problems - 1)).Select(CsvRequest.Problem)));

    private RowLocator Locator(IQueryEngine engine) => new(engine.CsvParts(Files));

    private CsvRequest Request() => new(
        _source.Shape.Header.Count,
        _source.Format.MultiLine && _source.Files.Format == InputFormat.Csv,
        [
            .. _texts.Select(t => new CsvColumn(_source.Columns[t], _source.Columns[t], t, ColumnType.Text)),
            .. _check.Select((c, i) => new CsvColumn(
                NameOf(i), c.Column.Name, _source.IndexOf(c.Column.Name), c.Type ?? ColumnType.Text)
            {
                Unit = c.Unit,
                Required = c.Required,
                Declared = c.Column.Declared,
                Check = CheckOf(c),
            }),
        ])
    {
        DetailsForAllRows = _detailsForAllRows,
        Separator = _source.Format.Separator!,
        Unquoted = _source.Format.Unquoted,
        Headerless = _source.Format.Header is { IsInFile: false },
        Encoding = _source.Format.Encoding,
        JsonPaths = _source.Shape.JsonPaths,
    };
}
