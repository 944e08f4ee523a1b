using System.Text.Json;
using System.Text.Json.Nodes;
using OneRec.Core;
using OneRec.Inputs.Columns;

namespace OneRec.Inputs.Sources;

/// <summary>Reads Parquet and Delta tables, whose columns have types: texts among them are judged by SQL.</summary>
/// <remarks>Whether a row is bad is a function of the texts of its checked columns: rows that have the same are both bad or neither is.</remarks>
internal sealed class NativeRead : SourceRead
{
    private const int NamedAmong = 100_000;

    private static readonly JsonSerializerOptions Plain = new()
    {
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private readonly INativeSource _source;
    private readonly IReadOnlyList<ReadColumn> _check;
    private readonly string _otherwise;

    /// <summary>A read of a source.</summary>
    /// <param name="source">The source.</param>
    /// <param name="check">Columns whose values decide whether a row can be read.</param>
    /// <param name="otherwise">What is wrong with a bad row whose columns show nothing.</param>
    public NativeRead(INativeSource source, IReadOnlyList<ReadColumn> check, string otherwise)
    {
        _source = source;
        _check = check;
        _otherwise = otherwise;
        Details = [.. Enumerable.Range(0, Math.Max(1, check.Count)).Select(i => $"raw_{i}")];
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Details { get; }

    /// <inheritdoc/>
    public override string Typed(SqlWriter sql, ReadColumn column) =>
        column.Unit is { } unit ? sql.Micros(column.Column, unit) : sql.Typed(column.Column, column.Type);

    /// <inheritdoc/>
    public override void Need(string column)
    {
    }

    /// <inheritdoc/>
    public override string Misfits(SqlWriter sql) =>
        string.Join(" + ", _check.Where(c => c.Group == 0).Select(c => sql.Misfit(c.Column, c.Type)).Prepend("0"));

    /// <inheritdoc/>
    public override IEnumerable<string> SelectDetails(SqlWriter sql) => _check.Count == 0
        ? ["CAST(NULL AS STRING) AS raw_0"]
        : _check.Select((c, i) => $"{sql.Raw(c.Column)} AS raw_{i}");

    /// <inheritdoc/>
    public override string OfBadRow(string detail, string flag) => $"CASE WHEN {flag} = 1 THEN {detail} END AS {detail}";

    /// <inheritdoc/>
    public override IRelation Rows(IQueryEngine engine) => _source.Read(engine);

    /// <inheritdoc/>
    public override void Explain(OneRecException failure) => _source.RequireWhole();

    /// <inheritdoc/>
    protected override BadRow First(IQueryEngine engine, IRelation rows, string flag, int groups) =>
        Rows(Texts(engine, rows, flag, NamedAmong), groups).First();

    /// <inheritdoc/>
    protected override IEnumerable<BadRow> All(IQueryEngine engine, IRelation rows, string flag, int groups) =>
        Rows(Texts(engine, rows, flag, BadRowList.Most + 1), groups);

    private List<(string?[] Raws, long Times)> Texts(IQueryEngine engine, IRelation rows, string flag, int limit)
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

    // Each as often as it is there.
    private IEnumerable<BadRow> Rows(List<(string?[] Raws, long Times)> bad, int groups)
    {
        foreach ((string?[] raws, long times) in bad)
        {
            string problem = _check
                .Select((c, i) => c.Group < groups ? c.Problem(raws[i]) : null)
                .FirstOrDefault(p => p is not null) ?? _otherwise;
            for (long n = 0; n < times; n++)
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
