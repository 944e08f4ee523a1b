using System.Globalization;
using Apache.Arrow;
using Apache.Arrow.Types;

namespace OneRec.Pipeline.Steps.Swing;

/// <summary>
/// The edges split into partitions for Swing: each has some target items and all items of their users.
/// </summary>
internal sealed class SwingSpread : IDisposable
{
    /// <summary>Bytes of a shuffled row without its ids.</summary>
    private const long BytesOfRow = 16;

    private readonly IQueryEngine _engine;
    private readonly int _parts;
    private readonly IMaterializedRelation? _placed;
    private readonly SwingBalance? _balance;

    private SwingSpread(IQueryEngine engine, IRelation rows, int parts, IMaterializedRelation? placed = null, SwingBalance? balance = null)
    {
        _engine = engine;
        Rows = rows;
        _parts = parts;
        _placed = placed;
        _balance = balance;
    }

    /// <summary>Input rows of kernel <c>swing</c>.</summary>
    public IRelation Rows { get; }

    /// <summary>How the rows are partitioned and sorted.</summary>
    public PartitionShape Shape => PartitionShape.ByPart("part", _parts, "user_id", "item_id");

    /// <summary>Splits edges over the partitions that the engine processes concurrently.</summary>
    /// <param name="engine">The engine.</param>
    /// <param name="edges"><c>user_id</c>, <c>item_id</c>, <c>user_items</c>; a kept relation.</param>
    /// <param name="work">The work of these edges.</param>
    public static SwingSpread Create(IQueryEngine engine, IRelation edges, SwingWork work)
    {
        int parts = engine.Scale.Partitions;
        if (parts == 1)
        {
            return new SwingSpread(engine, SinglePart.Add(engine, edges), parts);
        }

        long pairs = work.UserPairs();
        SqlScript heaviest = SqlScript.Load(typeof(SwingSpread), "heavy_items.sql").With("least_users", SwingBalance.LeastUsers(parts, pairs));
        List<object?[]> heavy = RowReader.Read(engine.Collect(engine.Sql(heaviest, ("edges", edges))));
        var balance = new SwingBalance(parts, pairs, [.. heavy.Select(item => (long)item[1]!)]);
        IMaterializedRelation placed = engine.Materialize(engine.Sql(
            SqlScript.Load(typeof(SwingSpread), "placed_edges.sql"),
            ("edges", edges),
            ("heavy", Heavy(engine, edges.Schema.GetFieldByName("item_id").DataType, heavy, balance)),
            ("ranges", Ranges(engine, balance))));
        return new SwingSpread(engine, engine.Sql(SqlScript.Load(typeof(SwingSpread), "spread_rows.sql"), ("placed", placed)), parts, placed, balance);
    }

    /// <summary>
    /// Lines to report before the work starts: the size of the shuffle and how balanced the parts are; empty for one
    /// part.
    /// </summary>
    public IEnumerable<string> Lines()
    {
        if (_placed is null || _balance is null)
        {
            yield break;
        }

        object?[] size = RowReader.Read(_engine.Collect(_engine.Sql(SqlScript.Load(typeof(SwingSpread), "spread_size.sql"), ("placed", _placed))))[0];
        long rows = (long)size[0]!;
        long bytes = (rows * BytesOfRow) + IdBytes("user_id", rows, (long)size[1]!) + IdBytes("item_id", rows, (long)size[2]!);
        yield return string.Create(
            CultureInfo.InvariantCulture,
            $"{_parts} partitions: {rows:N0} rows (about {(bytes + 999_999) / 1_000_000:N0} MB) to shuffle for {_placed.Rows:N0} interactions");
        string heavy = _balance.Places.Count switch
        {
            0 => "no item is large relative to a partition",
            1 => "1 item is large relative to a partition and is placed individually",
            int n => $"{n:N0} items are large relative to a partition and are placed individually",
        };
        yield return string.Create(
            CultureInfo.InvariantCulture, $"{heavy}; the largest partition has {_balance.Largest:F2} times the mean number of user pairs")
            + (_balance.Largest > 1.5 ? "; set swing.maxItemUsers to balance the partitions" : "");
    }

    /// <inheritdoc/>
    public void Dispose() => _placed?.Dispose();

    private static IRelation Heavy(IQueryEngine engine, IArrowType item, List<object?[]> heavy, SwingBalance balance)
    {
        var schema = new Schema([new Field("item_id", item, false), new Field("part", Int32Type.Default, false)], null);
        return engine.FromRows(
            schema, [RowReader.Build(schema, [.. heavy.Select((row, i) => new[] { row[0], balance.Places[i] })])]);
    }

    private static IRelation Ranges(IQueryEngine engine, SwingBalance balance)
    {
        var schema = new Schema(
            [
                new Field("part", Int32Type.Default, false),
                new Field("first_hash", StringType.Default, false),
                new Field("below_hash", StringType.Default, false),
            ],
            null);
        return engine.FromRows(
            schema, [RowReader.Build(schema, [.. balance.Ranges().Select((r, part) => new object?[] { part, r.First, r.Below })])]);
    }

    private long IdBytes(string column, long rows, long characters) =>
        _placed!.Schema.GetFieldByName(column).DataType is Int64Type ? 8 * rows : characters;
}
