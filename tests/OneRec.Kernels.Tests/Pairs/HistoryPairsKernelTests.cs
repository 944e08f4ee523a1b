using CsCheck;
using OneRec.Kernels.Batches;
using OneRec.Kernels.Pairs;

namespace OneRec.Kernels.Tests.Pairs;

public sealed class HistoryPairsKernelTests
{
    private static readonly HistoryPairsParameters Wide = new();

    /// <summary>Few users, items, times and scores, so that ties of every kind are common.</summary>
    private static readonly Gen<HistoryPairsLog> Logs = Gen.Select(
        Gen.Select(Gen.Long[0, 4], Gen.Long[-6, 9], Gen.Long[0, 12]).Array[0, 60],
        Gen.Select(Gen.Long[-6, 9], Gen.Long[-6, 9], Gen.Int[0, 3]).Array[0, 120],
        Gen.Bool,
        (clicks, similarity, strings) => new HistoryPairsLog(
            [.. clicks.DistinctBy(c => (c.Item1, c.Item2))],
            [.. similarity.Where(s => s.Item1 != s.Item2).DistinctBy(s => (s.Item1, s.Item2)).Select(s => (s.Item1, s.Item2, s.Item3 / 4.0))],
            strings));

    [Fact]
    public void Pairs_and_drops_are_those_of_the_definition()
    {
        Gen.Select(Logs, Gen.Int[1, 6], Gen.Int[1, 8], Gen.Int[1, 9]).Sample(
            (log, history, targets, batch) =>
            {
                log = log with { Targets = targets };
                var parameters = new HistoryPairsParameters { History = history };
                var expected = HistoryPairsOracle.Run(log, parameters);
                var actual = log.Run(parameters, batch);
                Assert.Equal(expected.Pairs, actual.Pairs);
                Assert.Equal(expected.Dropped, actual.Dropped);
                Assert.Equal(log.Clicks.Count, actual.Pairs.Count + actual.Dropped.Values.Sum());
            },
            iter: 1000);
    }

    [Fact]
    public void Greatest_score_wins_whatever_its_time()
    {
        var log = new HistoryPairsLog([(1, 7, 10), (1, 8, 20), (1, 9, 30)], [(9, 7, 0.5), (9, 8, 0.4)]);
        Assert.Contains((9, 7, 0.5), log.Run(Wide).Pairs);
    }

    [Fact]
    public void Tie_goes_to_the_later_time_then_to_the_lower_id()
    {
        (long, long, double)[] equal = [(9, 5, 1), (9, 6, 1), (9, 7, 1), (9, 8, 1)];
        var log = new HistoryPairsLog([(1, 5, 10), (1, 8, 20), (1, 6, 20), (1, 7, 20), (1, 9, 30)], equal);
        Assert.Contains((9, 6, 1.0), log.Run(Wide).Pairs);
    }

    [Fact]
    public void Clicks_at_the_target_time_are_no_history()
    {
        var log = new HistoryPairsLog([(1, 7, 30), (1, 9, 30)], [(9, 7, 0.5), (7, 9, 0.5)]);
        var (pairs, dropped) = log.Run(Wide);
        Assert.Empty(pairs);
        Assert.Equal(2, dropped["no_earlier_click"]);
    }

    [Fact]
    public void History_reaches_back_past_the_targets()
    {
        var log = new HistoryPairsLog([(1, 7, 10), (1, 8, 20), (1, 9, 30)], [(9, 7, 0.5)], Targets: 1);
        var (pairs, dropped) = log.Run(Wide);
        Assert.Equal([(9L, 7L, 0.5)], pairs);
        Assert.Equal(2, dropped["over_targets"]);
    }

    [Fact]
    public void Without_a_similarity_every_click_is_counted_as_dropped()
    {
        var (pairs, dropped) = new HistoryPairsLog([(1, 7, 10), (1, 8, 20)], []).Run(Wide);
        Assert.Empty(pairs);
        Assert.Equal(1, dropped["no_earlier_click"]);
        Assert.Equal(1, dropped["no_scored_partner"]);
    }

    [Fact]
    public void Users_out_of_order_are_refused()
    {
        var log = new HistoryPairsLog([(1, 7, 10), (2, 8, 20)], []);
        var context = new KernelContext
        {
            Sides = new Dictionary<string, Func<IEnumerable<Apache.Arrow.RecordBatch>>> { ["similarity"] = () => [] },
        };
        var kernel = new HistoryPairsBatchKernel(Wide.ToJson());
        Assert.Throws<ArgumentException>(() => kernel.Run(log.ClickBatches(1).Reverse(), context).ToList());
    }
}
