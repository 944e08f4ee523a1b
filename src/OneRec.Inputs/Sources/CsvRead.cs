using OneRec.Core;
using OneRec.Csv.Columns;
using OneRec.Csv.Files;
using OneRec.Csv.Types;
using OneRec.Inputs.Columns;

namespace OneRec.Inputs.Sources;

/// <summary>Reads CSV: values are typed and judged where the text is tokenized, SQL sees what came of it.</summary>
internal sealed class CsvRead : SourceRead
{
    private readonly CsvSource _source;
    private readonly IReadOnlyList<ReadColumn> _check;
    private readonly Dictionary<ReadColumn, int> _indexes = new(ReferenceEqualityComparer.Instance);
    private readonly string _otherwise;
    private readonly bool _places;
    private readonly SortedSet<int> _texts = [];
    private readonly int _problems;

    /// <summary>A read of a source.</summary>
    /// <param name="source">The source.</param>
    /// <param name="check">Columns whose values decide whether a row can be read.</param>
    /// <param name="otherwise">What is wrong with a bad row whose columns show nothing; null: there is none such.</param>
    public CsvRead(CsvSource source, IReadOnlyList<ReadColumn> check, string? otherwise)
    {
        _source = source;
        _check = check;

        // Two checks of one column may be equal, yet each has its own column in the batches.
        for (int i = 0; i < check.Count; i++)
        {
            _indexes.Add(check[i], i);
        }

        _otherwise = otherwise ?? "a column does not parse";
        _places = otherwise is not null;
        _problems = 1 + check.Select(CheckOf).Append(0).Max();
        Details =
        [
            .. Enumerable.Range(0, _problems).Select(CsvRequest.Problem),
            CsvRequest.File, CsvRequest.Block, CsvRequest.Row, CsvRequest.Text,
        ];
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Details { get; }

    private CsvFiles Files => new(_source.Files.Files, Request()) { Partitions = _source.Files.Partitions };

    /// <inheritdoc/>
    public override string Typed(SqlWriter sql, ReadColumn column) => _indexes.TryGetValue(column, out int index)
        ? sql.Name(NameOf(index))
        : throw new ArgumentException($"column {column.Column.Name} is not checked", nameof(column));

    /// <inheritdoc/>
    public override void Need(string column) => _texts.Add(_source.IndexOf(column));

    /// <inheritdoc/>
    public override string Misfits(SqlWriter sql)
    {
        IEnumerable<string> bad = Enumerable.Range(0, Math.Min(2, _problems)).Select(p => $"{CsvRequest.Problem(p)} IS NOT NULL");
        return $"CASE WHEN {string.Join(" OR ", bad)} THEN 1 ELSE 0 END";
    }

    /// <inheritdoc/>
    public override IEnumerable<string> SelectDetails(SqlWriter sql) => Details;

    /// <inheritdoc/>
    public override string OfBadRow(string detail, string flag) => detail;

    /// <inheritdoc/>
    public override IRelation Rows(IQueryEngine engine) => engine.ReadCsv(Files);

    /// <inheritdoc/>
    /// <remarks>Spark's words for a gzip file that is cut off do not name it.</remarks>
    public override void Explain(OneRecException failure)
    {
        if (failure.Kind == ErrorKind.Engine)
        {
            foreach (CsvFile file in _source.Files.Files.Select(_source.Files.Csv).Where(f => f.IsPacked))
            {
                file.RequireWhole();
            }
        }
    }

    /// <inheritdoc/>
    protected override BadRow First(IQueryEngine engine, IRelation rows, string flag, int groups)
    {
        CsvPlaces places = Places(engine);
        SqlScript first = SqlScript.Load(typeof(CsvRead), "first_bad_rows.sql").With("flag", new SqlArgument.Expression(flag));
        (long File, long Block, long Row) place = RowReader.Read(engine.Collect(engine.Sql(first, ("source", rows))))
            .Select(r => ((long)r[0]!, (long)r[1]!, (long)r[2]!))
            .MinBy(p => places.Of(p))!;
        SqlScript one = SqlScript.Load(typeof(CsvRead), "bad_row.sql")
            .With("problem", Problem(groups))
            .With("malformed", Malformed)
            .With("otherwise", _otherwise)
            .With("flag", new SqlArgument.Expression(flag))
            .With("file", place.File)
            .With("block", place.Block)
            .With("row", place.Row);
        object?[] row = RowReader.Read(engine.Collect(engine.Sql(one, ("source", rows))))[0];
        (int file, long number) = places.Of(place);
        return new BadRow(_source.Files.Files[file], number, (string)row[0]!, (string?)row[1]) { IsMalformed = row[2] is 1L };
    }

    /// <inheritdoc/>
    protected override IEnumerable<BadRow> All(IQueryEngine engine, IRelation rows, string flag, int groups)
    {
        CsvPlaces places = Places(engine);
        SqlScript script = SqlScript.Load(typeof(CsvRead), "bad_csv_rows.sql")
            .With("problem", Problem(groups))
            .With("malformed", Malformed)
            .With("otherwise", _otherwise)
            .With("flag", new SqlArgument.Expression(flag))
            .With("limit", BadRowList.Most + 1);
        return RowReader.Read(engine.Collect(engine.Sql(script, ("source", rows))))
            .Select(r => (Place: places.Of(((long)r[3]!, (long)r[4]!, (long)r[5]!)), Cells: r))
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

    private CsvPlaces Places(IQueryEngine engine) => new(engine.CsvParts(Files));

    private CsvRequest Request() => new(
        _source.Header.Count,
        _source.MultiLine,
        [
            .. _texts.Select(t => new CsvColumn(_source.Columns[t], _source.Columns[t], t, ColumnType.Text)),
            .. _check.Select((c, i) => new CsvColumn(
                NameOf(i), c.Column.Name, _source.IndexOf(c.Column.Name), c.Type ?? ColumnType.Text)
            {
                Unit = c.Unit,
                Required = c.Required,
                Check = CheckOf(c),
            }),
        ])
    {
        Places = _places,
    };
}
