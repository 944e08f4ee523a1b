using System.Text.Json.Nodes;
using Apache.Arrow.Types;
using OneRec.Kernels.Batches;
using OneRec.Kernels.Pairs;
using OneRec.Pipeline.Configuration;
using OneRec.Pipeline.Running;

namespace OneRec.Pipeline.Steps.Pairs;

/// <summary>
/// Item pairs of a log: Swing neighbours (<c>i2i</c>), and users' clicks paired with the most similar item clicked earlier
/// (<c>u2i</c>, <see cref="HistoryPairsKernel"/>).
/// </summary>
internal sealed class ItemPairs : IDisposable
{
    private readonly IMaterializedRelation _history;

    private ItemPairs(IRelation rows, IMaterializedRelation history) => (Rows, _history) = (rows, history);

    /// <summary>Rows of table <c>item_pairs</c>.</summary>
    public IRelation Rows { get; }

    /// <summary>The clicks that formed a pair, and those that did not, with the reason.</summary>
    public IRelation History => _history;

    /// <summary>The options that change rows, as plan parameters.</summary>
    public static JsonObject Parameters(OneRecOptions options)
    {
        PairsOptions pairs = options.Section<PairsOptions>();
        return new JsonObject
        {
            ["history"] = pairs.History,
            ["targetsPerUser"] = pairs.TargetsPerUser,
            ["i2iTopK"] = pairs.I2iTopK,
            ["minScore"] = pairs.MinScore,
        };
    }

    /// <summary>Makes the pairs.</summary>
    /// <param name="run">Engine and options; receives what is shuffled.</param>
    /// <param name="clicks"><c>user_id</c>, <c>item_id</c>, <c>event_time</c>.</param>
    /// <param name="hasTimes">Whether clicks have times; without them there are no histories, and pairs are <c>i2i</c> alone.</param>
    /// <param name="similarity">Rows of table <c>item_similarity</c>, of the same log.</param>
    /// <param name="id">The type of item ids.</param>
    public static ItemPairs Make(IWork run, IRelation clicks, bool hasTimes, IRelation similarity, IArrowType id)
    {
        PairsOptions options = run.Options.Section<PairsOptions>();
        IQueryEngine engine = run.Engine;
        using var spread = PairSpread.Create(
            engine,
            engine.Sql(
                SqlScript.Load(typeof(ItemPairs), "recent_clicks.sql")
                    .With("targets_per_user", options.TargetsPerUser)
                    .With("history", options.History),
                ("clicks", hasTimes ? clicks : engine.Sql(SqlScript.Load(typeof(ItemPairs), "no_clicks.sql"), ("clicks", clicks)))),
            engine.Sql(SqlScript.Load(typeof(ItemPairs), "scored_pairs.sql").With("min_score", options.MinScore), ("item_similarity", similarity)));
        foreach (string line in spread.Lines())
        {
            run.Report(line);
        }

        IMaterializedRelation history = engine.Materialize(engine.MapParts(
            spread.Clicks,
            new KernelCall(
                HistoryPairsBatchKernel.Name,
                new HistoryPairsParameters { History = options.History }.ToJson(),
                HistoryPairsBatchKernel.Output(id)),
            spread.Shape,
            ("similarity", spread.Similarity)));
        IRelation pairs = engine.Sql(
            SqlScript.Load(typeof(ItemPairs), "item_pairs.sql").With("i2i_top_k", options.I2iTopK).With("min_score", options.MinScore),
            ("item_similarity", similarity),
            ("history", history));
        return new ItemPairs(pairs, history);
    }

    /// <inheritdoc/>
    public void Dispose() => _history.Dispose();
}
