using Apache.Arrow.Types;
using OneRec.Inputs.Log;
using OneRec.Kernels.Ranking;
using OneRec.Pipeline.Running;
using OneRec.Pipeline.Steps.Evaluate;
using OneRec.Pipeline.Steps.Pairs;

namespace OneRec.Pipeline.Compare;

/// <summary>What is known of a log's training part and of its held-out part, by item number.</summary>
internal sealed record HeldOutData
{
    /// <summary>Number of most clicked items that the measure of the tail leaves out.</summary>
    public const int Popular = 300;

    /// <summary>The items with held-out partners.</summary>
    public required IReadOnlyList<PartnerQuery> Queries { get; init; }

    /// <summary>Training pairs of both sources.</summary>
    public required IReadOnlyList<(int First, int Second)> Pairs { get; init; }

    /// <summary>Number of training users of each item.</summary>
    public required float[] Users { get; init; }

    /// <summary>The items with the most training users.</summary>
    public required IReadOnlySet<int> MostClicked { get; init; }

    /// <summary>The items that training has seen: those of a pair.</summary>
    public required IReadOnlySet<int> Seen { get; init; }

    /// <summary>Splits the log and computes Swing and pairs of its training part.</summary>
    /// <param name="work">Engine and options.</param>
    /// <param name="log">The log, with times.</param>
    /// <param name="holdout">The part that is held out.</param>
    /// <param name="items">The items.</param>
    /// <param name="id">The type of item ids.</param>
    public static HeldOutData Make(IWork work, LogClicks log, Holdout holdout, ComparedItems items, IArrowType id)
    {
        IQueryEngine engine = work.Engine;
        string option = $"evaluate.holdout={work.Options.Section<EvaluateOptions>().Holdout}";
        var split = LogSplit.Of(work, log.Rows, log.Count, holdout, "holdout", withTime: true);
        using IMaterializedRelation training = LogSplit.Similar(work, split.Training, "training part", log.Source, option);
        using IMaterializedRelation heldOut = LogSplit.Similar(work, split.HeldOut, "held-out part", log.Source, option);
        using IMaterializedRelation partners = HeldOutPartners.Beyond(engine, heldOut, training);
        using var pairs = ItemPairs.Make(work, split.Training, log.HasTimes, training, id);
        (int First, int Second)[] all = [.. items.Pairs(engine, WarmPairs.Of(work, pairs.Rows)).OrderBy(p => p.First).ThenBy(p => p.Second)];
        float[] users = UsersOf(engine, split.Training, items);
        return new HeldOutData
        {
            Queries = PartnerQuery.Group(items.Pairs(engine, partners), items.Pairs(engine, HeldOutPartners.Known(engine, training, partners))),
            Pairs = all,
            Users = users,
            MostClicked = Enumerable.Range(0, users.Length).OrderByDescending(i => users[i]).ThenBy(i => i).Take(Popular).ToHashSet(),
            Seen = all.SelectMany(p => new[] { p.First, p.Second }).ToHashSet(),
        };
    }

    private static float[] UsersOf(IQueryEngine engine, IRelation clicks, ComparedItems items)
    {
        var users = new float[items.Count];
        IRelation counts = engine.Sql(SqlScript.Load(typeof(HeldOutData), "popular_items.sql"), ("clicks", clicks));
        foreach (Apache.Arrow.RecordBatch batch in engine.Collect(counts))
        {
            using (batch)
            {
                for (int row = 0; row < batch.Length; row++)
                {
                    if (items.Numbers.Find(batch.Column(0), row) is >= 0 and var item)
                    {
                        users[item] = ((Apache.Arrow.Int64Array)batch.Column(1)).GetValue(row)!.Value;
                    }
                }
            }
        }

        return users;
    }
}
