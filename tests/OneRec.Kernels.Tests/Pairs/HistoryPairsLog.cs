using Apache.Arrow;
using Apache.Arrow.Types;
using OneRec.Kernels.Batches;
using OneRec.Kernels.Pairs;
using OneRec.Kernels.Tests.Similarity;

namespace OneRec.Kernels.Tests.Pairs;

/// <summary>Clicks and a similarity as the step hands them to the kernel.</summary>
/// <param name="Clicks">One row a distinct (user, item), in any order.</param>
/// <param name="Similarity">Scores, a row a pair, in any order.</param>
/// <param name="Strings">Whether ids go in as STRING.</param>
/// <param name="Targets">Latest clicks of a user that want a partner.</param>
internal sealed record HistoryPairsLog(
    IReadOnlyList<(long User, long Item, long Time)> Clicks,
    IReadOnlyList<(long Item, long Similar, double Score)> Similarity,
    bool Strings = false,
    int Targets = 50)
{
    public IComparer<long> Order => Strings
        ? Comparer<long>.Create((a, b) => Utf8Order.Instance.Compare(SwingLog.Text(a), SwingLog.Text(b)))
        : Comparer<long>.Default;

    /// <summary>Pairs in order of output, and counts by reason.</summary>
    public (List<(long Item, long Pair, double Score)> Pairs, Dictionary<string, long> Dropped) Run(
        HistoryPairsParameters parameters, int rowsOfBatch = 3)
    {
        var kernel = new HistoryPairsBatchKernel(parameters.ToJson());
        var context = new KernelContext
        {
            Sides = new Dictionary<string, Func<IEnumerable<RecordBatch>>> { ["similarity"] = SimilarityBatches },
        };
        var pairs = new List<(long, long, double)>();
        var dropped = new Dictionary<string, long>();
        foreach (RecordBatch batch in kernel.Run(ClickBatches(rowsOfBatch), context))
        {
            for (int r = 0; r < batch.Length; r++)
            {
                long count = ((Int64Array)batch.Column(4)).GetValue(r)!.Value;
                if (((StringArray)batch.Column(3)).GetString(r) is { } reason)
                {
                    Assert.True(batch.Column(0).IsNull(r) && batch.Column(1).IsNull(r) && batch.Column(2).IsNull(r));
                    dropped.Add(reason, count);
                    continue;
                }

                Assert.Equal(1, count);
                double score = ((DoubleArray)batch.Column(2)).GetValue(r)!.Value;
                pairs.Add((SwingLog.Id(batch.Column(0), r), SwingLog.Id(batch.Column(1), r), score));
            }
        }

        return (pairs, dropped);
    }

    public IEnumerable<RecordBatch> ClickBatches(int rowsOfBatch)
    {
        var sorted = Clicks.GroupBy(c => c.User).OrderBy(u => u.Key, Order).SelectMany(UserRows);
        IArrowType id = Strings ? StringType.Default : Int64Type.Default;
        var schema = new Schema(
            [new Field("user_id", id, false), new Field("item_id", id, false), new Field("event_time", Int64Type.Default, false),
                new Field("is_target", BooleanType.Default, false), new Field("over_targets", Int64Type.Default, false)],
            null);
        foreach ((long User, long Item, long Time, bool IsTarget, long Over)[] chunk in sorted.Chunk(rowsOfBatch))
        {
            yield return new RecordBatch(
                schema,
                [
                    SwingLog.Ids(chunk.Select(c => c.User), Strings),
                    SwingLog.Ids(chunk.Select(c => c.Item), Strings),
                    new Int64Array.Builder().AppendRange(chunk.Select(c => c.Time)).Build(),
                    new BooleanArray.Builder().AppendRange(chunk.Select(c => c.IsTarget)).Build(),
                    new Int64Array.Builder().AppendRange(chunk.Select(c => c.Over)).Build(),
                ],
                chunk.Length);
        }
    }

    private IEnumerable<(long User, long Item, long Time, bool IsTarget, long Over)> UserRows(
        IEnumerable<(long User, long Item, long Time)> user)
    {
        (long User, long Item, long Time)[] clicks = [.. user.OrderBy(c => c.Time).ThenBy(c => c.Item, Order)];
        int first = Math.Max(0, clicks.Length - Targets);
        return clicks.Select((c, at) => (c.User, c.Item, c.Time, at >= first, at == clicks.Length - 1 ? (long)first : 0));
    }

    private IEnumerable<RecordBatch> SimilarityBatches()
    {
        IArrowType id = Strings ? StringType.Default : Int64Type.Default;
        var schema = new Schema(
            [
                new Field("item_id", id, false),
                new Field("similar_item_id", id, false),
                new Field("score", DoubleType.Default, false),
            ],
            null);
        foreach ((long Item, long Similar, double Score)[] chunk in Similarity.Chunk(5))
        {
            yield return new RecordBatch(
                schema,
                [
                    SwingLog.Ids(chunk.Select(c => c.Item), Strings),
                    SwingLog.Ids(chunk.Select(c => c.Similar), Strings),
                    new DoubleArray.Builder().AppendRange(chunk.Select(c => c.Score)).Build(),
                ],
                chunk.Length);
        }
    }
}
