using System.Globalization;
using Apache.Arrow;
using Apache.Arrow.Types;

namespace OneRec.Pipeline.Steps.Pairs;

/// <summary>Clicks and scores in numbered parts: each has the scores of some items, and the clicks of users with such targets.</summary>
internal sealed class PairSpread : IDisposable
{
    private readonly IKeptRelation? _recent;
    private readonly PairGrid _grid;
    private readonly long _scores;

    private PairSpread(IRelation clicks, IRelation similarity, PairGrid grid, IKeptRelation? recent = null, long scores = 0)
    {
        Clicks = clicks;
        Similarity = similarity;
        _grid = grid;
        _recent = recent;
        _scores = scores;
    }

    /// <summary>The rows that kernel <c>history-pairs</c> takes.</summary>
    public IRelation Clicks { get; }

    /// <summary>Its side input.</summary>
    public IRelation Similarity { get; }

    /// <summary>How they lie.</summary>
    public PartitionShape Shape => PartitionShape.ByPart("part", _grid.Parts, "user_id", "event_time", "item_id");

    /// <summary>Spreads them over the partitions that an engine works on at once.</summary>
    /// <param name="engine">The engine.</param>
    /// <param name="recent"><c>user_id</c>, <c>item_id</c>, <c>event_time</c>, <c>is_target</c>, <c>over_targets</c>.</param>
    /// <param name="similarity"><c>item_id</c>, <c>similar_item_id</c>, <c>score</c>.</param>
    public static PairSpread Of(IEngine engine, IRelation recent, IRelation similarity)
    {
        if (engine.Scale.Partitions == 1)
        {
            return new PairSpread(SinglePart.Of(engine, recent), SinglePart.Of(engine, similarity), new PairGrid(1, 1, 0));
        }

        IKeptRelation kept = engine.Keep(recent);
        object?[] clicks = First(engine, "recent_counts.sql", ("recent", kept));
        long scores = (long)First(engine, "similar_count.sql", ("similarity", similarity))[0]!;
        var grid = PairGrid.Of(engine.Scale.Partitions, scores, (long)clicks[0]!, (long)clicks[1]!, (long)clicks[2]!);
        SqlScript Cut(string file) => SqlScript.Load(typeof(PairSpread), file)
            .With("item_hash", IdHash.Of("item_id"))
            .With("item_parts", grid.ItemParts)
            .With("user_parts", grid.UserParts);
        return new PairSpread(
            engine.Sql(Cut("clicks_by_part.sql").With("user_hash", IdHash.Of("user_id")), ("recent", kept)),
            engine.Sql(Cut("similar_by_part.sql"), ("similarity", similarity), ("user_parts", UserParts(engine, grid))),
            grid,
            kept,
            scores);
    }

    /// <summary>What is told before the work begins. Nothing for one part.</summary>
    public IEnumerable<string> Lines() => _recent is null
        ? []
        : [string.Create(
            CultureInfo.InvariantCulture,
            $"{_grid.Parts} partitions ({_grid.ItemParts} by item, {_grid.UserParts} by user): about {_grid.Rows:N0} rows are shuffled for {_recent.Rows:N0} clicks and {_scores:N0} scores")];

    /// <inheritdoc/>
    public void Dispose() => _recent?.Dispose();

    private static object?[] First(IEngine engine, string file, (string, IRelation) input) =>
        RowReader.Read(engine.Collect(engine.Sql(SqlScript.Load(typeof(PairSpread), file), input)))[0];

    private static IRelation UserParts(IEngine engine, PairGrid grid)
    {
        var schema = new Schema([new Field("user_part", Int32Type.Default, false)], null);
        return engine.FromRows(
            schema, [RowReader.Build(schema, [.. Enumerable.Range(0, grid.UserParts).Select(part => new object?[] { part })])]);
    }
}

/// <summary>A number of an id, the same on every engine: the first four digits of a hash.</summary>
internal static class IdHash
{
    private const int Digits = 4;

    /// <summary>The SQL of it, 0 to 65,535.</summary>
    /// <param name="column">A column of ids, BIGINT or STRING.</param>
    public static SqlArgument Of(string column) => new SqlArgument.Expression(
        "(" + string.Join(" + ", Enumerable.Range(1, Digits).Select(place => Digit(column, place))) + ")");

    // A digit's place among those above 0; 0 is not found.
    private static string Digit(string column, int place) => string.Create(
        CultureInfo.InvariantCulture,
        $"{1 << (4 * (Digits - place))} * instr('123456789abcdef', substring(md5(CAST({column} AS STRING)), {place}, 1))");
}
