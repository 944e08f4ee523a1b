using System.Text.Json;
using System.Text.Json.Nodes;
using OneRec.Core;
using OneRec.Inputs.Columns;

namespace OneRec.Inputs.Sources;

/// <summary>Reads Parquet and Delta tables, whose columns have types. SQL checks the text columns.</summary>
/// <remarks>Whether a row is bad depends only on the texts of its checked columns, so bad rows are grouped by those.</remarks>
internal sealed class NativeRead : SourceRead
{
    private const int MaxGroupsForFirst = 100_000;

    private static readonly JsonSerializerOptions Plain = new()
    {
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private readonly INativeSource _source;
    private readonly IReadOnlyList<ReadColumn> _check;
    private readonly string _defaultReason;

    /// <summary>Starts a read of a source.</summary>
    /// <param name="source">The source.</param>
    /// <param name="check">Columns to check.</param>
    /// <param name="defaultReason">Reason for a bad row without an invalid column.</param>
    public NativeRead(INativeSource source, IReadOnlyList<ReadColumn> check, string defaultReason)
    {
        _source = source;
        _check = check;
        _defaultReason = defaultReason;
        Details = [.. Enumerable.Range(0, Math.Max(1, check.Count)).Select(i => $"raw_{i}")];
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Details { get; }

    /// <inheritdoc/>
    public override string Typed(SqlWriter sql, ReadColumn column) =>
        column.Unit is { } unit ? sql.Micros(column.Column, unit) : sql.Typed(column.Column, column.Type);

    /// <inheritdoc/>
    public override void UseText(string column)
    {
    }

    /// <inheritdoc/>
    public override string InvalidValues(SqlWriter sql) =>
        string.Join(" + ", _check.Where(c => c.Group == 0).Select(c => sql.Invalid(c.Column, c.Type)).Prepend("0"));

    /// <inheritdoc/>
    public override IEnumerable<string> SelectDetails(SqlWriter sql) => _check.Count == 0
        ? ["CAST(NULL AS STRING) AS raw_0"]
        : _check.Select((c, i) => $"{sql.Raw(c.Column)} AS raw_{i}");

    /// <inheritdoc/>
    public override string BadRowDetail(string detail, string flag) => $"CASE WHEN {flag} = 1 THEN {detail} END AS {detail}";

    /// <inheritdoc/>
    public override IRelation Rows(IQueryEngine engine) => _source.Read(engine);

    /// <inheritdoc/>
    public override void ThrowFileError(OneRecException failure) => _source.RequireWhole();

    /// <inheritdoc/>
    protected override BadRow FirstBadRow(IQueryEngine engine, IRelation rows, string flag, int groups) =>
        Rows(Texts(engine, rows, flag, MaxGroupsForFirst), groups).First();

    /// <inheritdoc/>
    protected override IEnumerable<BadRow> AllBadRows(IQueryEngine engine, IRelation rows, string flag, int groups) =>
        Rows(Texts(engine, rows, flag, BadRowList.MaxRows + 1), groups);

    private List<(string?[] Raws, long Count)> Texts(IQueryEngine engine, IRelation rows, string flag, int limit)
    {
        string names = string.Join(", ", Details);
        SqlScript script = SqlScript.Load(typeof(NativeRead), "bad_rows.sql")
            .With("raws", new SqlArgument.Expression(names))
            .With("flag", new SqlArgument.Expression(flag))
            .With("order", new SqlArgument.Expression(string.Join(", ", Details.Select(d => $"{d} ASC NULLS FIRST"))))
            .With("limit", limit);
        return [.. RowReader.Read(engine.Collect(engine.Sql(script, ("source", rows))))
            .Select(row => ((string?[])[.. row[..^1].Take(_check.Count).Cast<string?>()], (long)row[^1]!))];
    }

    // Each bad row is repeated as often as it occurs.
    private IEnumerable<BadRow> Rows(List<(string?[] Raws, long Count)> bad, int groups)
    {
        foreach ((string?[] raws, long count) in bad)
        {
            string problem = _check
                .Select((c, i) => c.Group < groups ? c.Problem(raws[i]) : null)
                .FirstOrDefault(p => p is not null) ?? _defaultReason;
            for (long n = 0; n < count; n++)
            {
                yield return new BadRow(_source.Files.Root, null, problem, Payload(raws));
            }
        }
    }

    private string Payload(string?[] raws)
    {
        var texts = new JsonObject();
        for (int i = 0; i < raws.Length; i++)
        {
            texts[_check[i].Column.Name] = raws[i];
        }

        return texts.ToJsonString(Plain);
    }
}
