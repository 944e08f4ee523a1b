using System.Globalization;
using Apache.Arrow;
using Apache.Arrow.Types;

namespace OneRec.Pipeline.Steps.Pairs;

/// <summary>
/// Clicks and scores split into numbered parts. Each part has the scores of some items and the clicks of users whose
/// targets are among them.
/// </summary>
internal sealed class PairSpread : IDisposable
{
    private readonly IMaterializedRelation? _recent;
    private readonly PairGrid _grid;
    private readonly long _scores;

    private PairSpread(IRelation clicks, IRelation similarity, PairGrid grid, IMaterializedRelation? recent = null, long scores = 0)
    {
        Clicks = clicks;
        Similarity = similarity;
        _grid = grid;
        _recent = recent;
        _scores = scores;
    }

    /// <summary>Input rows of kernel <c>history-pairs</c>.</summary>
    public IRelation Clicks { get; }

    /// <summary>Side input of the kernel.</summary>
    public IRelation Similarity { get; }

    /// <summary>How both are partitioned and sorted.</summary>
    public PartitionShape Shape => PartitionShape.ByPart("part", _grid.Parts, "user_id", "event_time", "item_id");

    /// <summary>Splits clicks and scores over the partitions that the engine processes concurrently.</summary>
    /// <param name="engine">The engine.</param>
    /// <param name="recent">
    /// <c>user_id</c>, <c>item_id</c>, <c>event_time</c>, <c>is_target</c>, <c>over_targets</c>.
    /// </param>
    /// <param name="similarity"><c>item_id</c>, <c>similar_item_id</c>, <c>score</c>.</param>
    public static PairSpread Create(IQueryEngine engine, IRelation recent, IRelation similarity)
    {
        if (engine.Scale.Partitions == 1)
        {
            return new PairSpread(SinglePart.Add(engine, recent), SinglePart.Add(engine, similarity), new PairGrid(1, 1, 0));
        }

        IMaterializedRelation kept = engine.Materialize(recent);
        object?[] clicks = First(engine, "recent_counts.sql", ("recent", kept));
        long scores = (long)First(engine, "similar_count.sql", ("similarity", similarity))[0]!;
        var grid = PairGrid.Choose(engine.Scale.Partitions, scores, (long)clicks[0]!, (long)clicks[1]!, (long)clicks[2]!);
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

    /// <summary>Lines to report before the work starts; empty for one part.</summary>
    public IEnumerable<string> Lines() => _recent is null
        ? []
        : [string.Create(
            CultureInfo.InvariantCulture,
            $"{_grid.Parts} partitions ({_grid.ItemParts} by item, {_grid.UserParts} by user): about {_grid.Rows:N0} rows to shuffle for {_recent.Rows:N0} clicks and {_scores:N0} scores")];

    /// <inheritdoc/>
    public void Dispose() => _recent?.Dispose();

    private static object?[] First(IQueryEngine engine, string file, (string, IRelation) input) =>
        RowReader.Read(engine.Collect(engine.Sql(SqlScript.Load(typeof(PairSpread), file), input)))[0];

    private static IRelation UserParts(IQueryEngine engine, PairGrid grid)
    {
        var schema = new Schema([new Field("user_part", Int32Type.Default, false)], null);
        return engine.FromRows(
            schema, [RowReader.Build(schema, [.. Enumerable.Range(0, grid.UserParts).Select(part => new object?[] { part })])]);
    }
}

/// <summary>A hash of an id that is equal on all engines: the first four hex digits of its MD5.</summary>
internal static class IdHash
{
    private const int Digits = 4;

    /// <summary>The SQL expression of the hash, 0 to 65,535.</summary>
    /// <param name="column">The id column, BIGINT or STRING.</param>
    public static SqlArgument Of(string column) => OrderHash.Number($"md5(CAST({column} AS STRING))", Digits);
}
