using Apache.Arrow.Types;
using OneRec.Core;
using OneRec.Pipeline.Queries.Describe;
using OneRec.Pipeline.Queries.Prefixes;
using OneRec.Pipeline.Tables;

namespace OneRec.Pipeline.Queries.Diff;

/// <summary>
/// Tells two versions of the IDs apart: items that moved, are new, or are gone; by level and by prefix. Reads only; each table at one
/// version.
/// </summary>
public sealed class DiffQuery
{
    /// <summary>Most prefixes and examples that can be asked for.</summary>
    public const int MaxShown = 1_000;

    private readonly IQueryEngine _engine;
    private readonly DiffSide _from;
    private readonly DiffSide _to;
    private readonly PrefixText _prefix;
    private readonly IRelation _items;
    private readonly IRelation _similarity;
    private readonly CancellationToken _cancellation;

    private DiffQuery(IEngine engine, DiffRequest request, CancellationToken cancellation)
    {
        (_engine, _cancellation) = (engine, cancellation);
        var sides = new DiffSides(engine);
        (_from, _to) = (sides.Read(request.From ?? DiffSides.DefaultFrom), sides.Read(request.To ?? DiffSides.DefaultTo));
        IArrowType id = IdOf(_from);
        if (id.TypeId != IdOf(_to).TypeId)
        {
            throw OneRecException.Table(
                "diff.ids", $"diff: item ids of {_from.Asked} are {id.Name} and those of {_to.Asked} {IdOf(_to).Name}; they are of two catalogues");
        }

        _prefix = request.Prefix is null ? new PrefixText([]) : PrefixText.Parse(request.Prefix, Levels);
        var tables = new ReadTables(engine);
        _items = tables.Relation("items") ?? engine.FromRows(OneRecTables.Items(id).Schema, []);
        _similarity = tables.Relation("item_similarity") ?? engine.FromRows(OneRecTables.ItemSimilarity(id).Schema, []);
    }

    // The levels that both have.
    private int Levels => Math.Min(_from.Levels, _to.Levels);

    /// <summary>Sums: the sections <c>sides</c>, <c>items</c>, <c>levels</c>, <c>prefix</c> if one was asked for, <c>prefixes</c> and <c>examples</c>.</summary>
    /// <param name="engine">The engine.</param>
    /// <param name="request">What to compare.</param>
    /// <param name="cancellation">Ctrl-C.</param>
    /// <exception cref="OneRecException">
    /// A side names no IDs, or the prefix is none or has no item (exit 2); a side has no IDs, or broken ones (exit 4).
    /// </exception>
    public static Lineage Run(IEngine engine, DiffRequest request, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(engine);
        ArgumentNullException.ThrowIfNull(request);
        var query = new DiffQuery(engine, request, cancellation);
        using IMaterializedRelation changes = engine.Materialize(query.Changes());
        return query.Show(changes, request.Most);
    }

    /// <summary>
    /// The items whose ID changed, by item id: <c>item_id</c>, <c>change</c> (<c>moved</c>, <c>slot</c>, <c>new</c>, <c>gone</c>), the IDs
    /// before and after, <c>same_codes</c> (how many first codes are equal) and <c>title</c>.
    /// </summary>
    /// <inheritdoc cref="Run" path="/param|/exception"/>
    public static QueryResult Items(IEngine engine, DiffRequest request, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(engine);
        ArgumentNullException.ThrowIfNull(request);
        var query = new DiffQuery(engine, request, cancellation);
        IRelation rows = engine.Sql(
            SqlScript.Load(typeof(DiffQuery), "diff_items.sql"), ("changes", query.Changes()), ("items", query._items));
        return new QueryResult(rows.Schema, engine.Collect(rows));
    }

    private static IArrowType IdOf(DiffSide side) => side.Rows.Schema.GetFieldByName("item_id").DataType;

    private IRelation Changes() => _engine.Sql(
        Below("diff_changes.sql", _prefix).With("same_codes", SameCodes()), ("earlier", _from.Rows), ("later", _to.Rows));

    private SqlArgument.Expression SameCodes()
    {
        IEnumerable<string> cases = Enumerable.Range(1, Levels).Select(n =>
            $"WHEN split_part(earlier.sid, '-', {n}) <> split_part(later.sid, '-', {n}) THEN {n - 1}");
        return new SqlArgument.Expression($"CASE {string.Join(' ', cases)} ELSE {Levels} END");
    }

    private Lineage Show(IRelation changes, int most)
    {
        DiffCounts counts = DiffCounts.Of(Rows(SqlScript.Load(typeof(DiffQuery), "diff_counts.sql"), ("changes", changes), ("items", _items)));
        if (counts.Total == 0)
        {
            throw OneRecException.Configuration(
                "prefix.none", $"no item has the prefix {_prefix} in {_from.Asked} or in {_to.Asked}; 'onerec prefix' shows those that there are");
        }

        bool whole = _prefix.Codes.Count == 0;
        var flows = new DiffFlows(_engine, changes, Rows);
        var sections = new List<LineageSection>
        {
            new("sides", [_from.Fact("from"), _to.Fact("to"), SameCodebook()]),
            new("items", [.. counts.Facts()]),
            new("levels", [DiffTables.Levels([.. Enumerable.Range(1, Levels).Select(n => flows.Level(n, _prefix))])]),
        };
        if (!whole)
        {
            sections.Add(new LineageSection("prefix", [.. DiffTables.Prefix(flows.Changed(_prefix.Codes.Count, _prefix, 1, most, all: true)[0])]));
        }

        if (_prefix.Codes.Count < Levels)
        {
            int length = _prefix.Codes.Count + 1;
            sections.Add(new LineageSection("prefixes", [.. DiffTables.Prefixes(flows.Changed(length, _prefix, most, DiffTables.EndsShown, all: false))]));
        }

        sections.Add(new LineageSection("examples", [.. new[] { "moved", "new", "gone" }.Select(change => DiffTables.Examples(change, Examples(changes, change, most)))]));
        string which = whole ? "" : $" with prefix {_prefix} before or after";
        return new Lineage($"{_from.Asked}..{_to.Asked}", counts.Headline(which), sections);
    }

    private LineageFact SameCodebook()
    {
        bool same = _from.CodebookId == _to.CodebookId;
        return new LineageFact(
            "same_codebook",
            same,
            [!same ? "no: a code means something else in each; 'together' tells which items still lie together"
                : _from.Version == _to.Version ? "yes, and the same version of semantic_ids"
                : "yes"]);
    }

    private List<object?[]> Examples(IRelation changes, string change, int most) => Rows(
        SqlScript.Load(typeof(DiffQuery), "diff_examples.sql").With("change", change).With("most", most),
        ("changes", changes),
        ("items", _items),
        ("similarity", _similarity));

    /// <summary>A script of this folder that reads what lies below a parent.</summary>
    internal static SqlScript Below(string file, PrefixText parent) =>
        SqlScript.Load(typeof(DiffQuery), file).With("parent", parent.Parent).With("length", parent.Parent.Length);

    private List<object?[]> Rows(SqlScript script, params (string, IRelation)[] inputs)
    {
        _cancellation.ThrowIfCancellationRequested();
        return RowReader.Read(_engine.Collect(_engine.Sql(script, inputs)));
    }
}
