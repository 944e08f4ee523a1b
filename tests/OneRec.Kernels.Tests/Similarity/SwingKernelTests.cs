using CsCheck;
using OneRec.Core;
using OneRec.Kernels.Batches;
using OneRec.Kernels.Similarity;

namespace OneRec.Kernels.Tests.Similarity;

public sealed class SwingKernelTests
{
    private static readonly Func<long, double> Weight = n => Math.Pow(n + 15.0, -0.3);

    private static readonly Gen<SwingParameters> Parameters = Gen.Select(
        Gen.Double[-1.9, 5],
        Gen.Int[1, 8],
        Gen.Int[1, 4],
        Gen.Bool,
        (alpha2, topK, common, best) => new SwingParameters
        {
            Alpha2 = alpha2,
            TopK = topK,
            MinCommonUsers = common,
            NormalizeByBest = best,
        });

    /// <summary>
    /// Few users and items, so that ties, repeats and items that everybody has are common; in half of the logs item 0 is
    /// one that every user has.
    /// </summary>
    private static readonly Gen<(long, long)[]> Clicks = Gen.Select(
        Gen.Select(Gen.Long[-9, 9], Gen.OneOf(Gen.Long[0, 2], Gen.Long[-20, 20])).Array[0, 120],
        Gen.Bool,
        ((long User, long Item)[] clicks, bool huge) => huge ? [.. clicks, .. clicks.Select(c => (c.User, 0L))] : clicks);

    [Fact]
    public void Rows_are_those_of_the_definition_bit_for_bit()
    {
        Gen.Select(Clicks, Parameters, Gen.Bool, Gen.Int[1, 4], Gen.Int[1, 9]).Sample(
            (clicks, parameters, strings, threads, batch) =>
            {
                SwingLog log = SwingLog.Of(clicks, strings);
                Assert.Equal(SwingOracle.Run(log, parameters, Weight), log.Run(parameters, Weight, threads, batch));
            },
            iter: 400);
    }

    [Fact]
    public void Weights_are_those_of_the_count_before_the_cap()
    {
        var log = new SwingLog([(1, 1, 5), (1, 2, 5), (2, 1, 9), (2, 2, 9)]);
        SwingOutput row = Assert.Single(log.Run(new SwingParameters(), n => n), r => r.Item == 1);
        Assert.Equal(5.0 * 9.0 / 2, row.Score);
    }

    [Fact]
    public void Every_method_thread_count_and_way_of_sharing_gives_the_same_bits()
    {
        Gen.Select(Clicks, Parameters, Gen.Int[2, 5], Gen.Bool).Sample(
            (clicks, drawn, threads, shareAll) =>
            {
                SwingLog log = SwingLog.Of(clicks);
                SwingParameters parameters = drawn with { LeastShared = shareAll ? 0 : long.MaxValue };
                SwingGraph graph = Graph(log);
                string one = Rows(graph, parameters, 1, SwingMethod.PerTarget);
                foreach (SwingMethod method in new[] { SwingMethod.PerTarget, SwingMethod.Stored })
                {
                    Assert.Equal(one, Rows(graph, parameters, threads, method));
                    Assert.Equal(one, Rows(graph, parameters, 1, method));
                }
            },
            iter: 200);
    }

    [Fact]
    public void A_huge_item_shared_by_threads_gives_the_same_bits()
    {
        // 3,000 users with item 0 are 4.5 million pairs: above what one thread keeps to itself.
        var draw = new SplitMix64(5);
        var clicks = new List<(long, long)>();
        for (int user = 0; user < 3000; user++)
        {
            clicks.Add((user, 0));
            for (int c = 0; c < 3; c++)
            {
                clicks.Add((user, 1 + (draw.NextBelow(400) * draw.NextBelow(400) / 400)));
            }
        }

        SwingGraph graph = Graph(SwingLog.Of(clicks));
        Assert.True(graph.UserPairs > 4_000_000);
        var parameters = new SwingParameters { TopK = 20 };
        string one = Rows(graph, parameters, 1, SwingMethod.PerTarget);
        Assert.Equal(one, Rows(graph, parameters, 3, SwingMethod.PerTarget));
        Assert.Equal(one, Rows(graph, parameters, 1, SwingMethod.Stored));
        Assert.Equal(one, Rows(graph, parameters, 4, SwingMethod.Stored));
    }

    [Fact]
    public void Equal_scores_rank_by_lower_id()
    {
        SwingLog log = SwingLog.Parse("1:1,5,3,4 2:1,5,3,4");
        List<SwingOutput> rows = log.Run(new SwingParameters { TopK = 2 }, _ => 1);
        Assert.Equal([3, 4], rows.Where(r => r.Item == 1).Select(r => r.Similar));
        Assert.Equal([1, 3], rows.Where(r => r.Item == 5).Select(r => r.Similar));
    }

    [Fact]
    public void One_common_user_is_no_row()
    {
        Assert.Empty(SwingLog.Parse("1:1,2 2:2,3").Run(new SwingParameters { MinCommonUsers = 1 }, _ => 1));
    }

    [Fact]
    public void No_input_is_no_output() => Assert.Empty(SwingLog.Of([]).Run(new SwingParameters(), _ => 1));

    [Fact]
    public void Interactions_that_do_not_fit_are_refused_with_the_numbers_and_the_cure()
    {
        SwingLog log = SwingLog.Of(from user in Enumerable.Range(0, 300) from item in Enumerable.Range(0, 40) select ((long)user, (long)item));
        var refused = Assert.Throws<OneRecException>(() => log.Run(new SwingParameters(), Weight, budget: 1 << 16, rowsOfBatch: 20_000));
        Assert.Equal(
            "swing: 12000 interactions of 300 users and 40 items (so far) need 1 MiB of memory, but only 1 MiB are available; "
                + "raise memoryLimit, or lower swing.maxItemUsers or swing.maxUserItems",
            refused.Message);
        Assert.Equal(ErrorKind.Configuration, refused.Kind);
    }

    [Fact]
    public void A_tight_budget_changes_no_row()
    {
        SwingLog log = SwingLog.Of(
            from user in Enumerable.Range(0, 60) from item in Enumerable.Range(0, 40) where (user * item) % 3 != 1 select ((long)user, (long)item));
        List<SwingOutput> wide = log.Run(new SwingParameters(), Weight, threads: 3);
        Assert.Equal(wide, log.Run(new SwingParameters(), Weight, threads: 3, budget: 200_000));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Targets_spread_over_parts_have_the_rows_of_the_whole(bool strings)
    {
        var draw = new SplitMix64(11);
        for (int round = 0; round < 30; round++)
        {
            int items = 2 + (int)draw.NextBelow(25);
            List<(long, long)> clicks = [.. Enumerable.Range(0, (int)draw.NextBelow(200)).Select(_ => (draw.NextBelow(20), draw.NextBelow(items)))];
            var log = SwingLog.Of(clicks, strings);
            var parameters = new SwingParameters { TopK = 1 + (int)draw.NextBelow(8), NormalizeByBest = round % 2 == 0 };
            List<SwingOutput> whole = log.Run(parameters, Weight);
            int parts = 1 + (int)draw.NextBelow(5);
            List<SwingOutput> spread = log.Run(parameters, Weight, part: item => (int)(item * 7 % parts));
            Assert.Equal(
                whole.OrderBy(r => r.Item).ThenBy(r => r.Rank),
                spread.OrderBy(r => r.Item).ThenBy(r => r.Rank));
        }
    }

    [Fact]
    public void Rows_out_of_order_are_refused()
    {
        var kernel = new SwingBatchKernel(new SwingParameters().ToJson());
        var context = new KernelContext
        {
            Sides = new Dictionary<string, Func<IEnumerable<Apache.Arrow.RecordBatch>>> { ["weights"] = () => [] },
        };
        IEnumerable<Apache.Arrow.RecordBatch> batches = SwingLog.Parse("1:1 2:2").Batches(1).Reverse();
        Assert.Throws<ArgumentException>(() => kernel.Run(batches, context).ToList());
    }

    [Theory]
    [InlineData(-2.0)]
    [InlineData(double.NaN)]
    public void A_denominator_that_could_be_0_is_refused(double alpha2) =>
        Assert.Throws<ArgumentException>(() => SwingParameters.FromJson(new SwingParameters { Alpha2 = alpha2 }.ToJson()));

    [Fact]
    public void Cancelling_stops()
    {
        SwingGraph graph = Graph(SwingLog.Parse("1:1,2 2:1,2"));
        var kernel = new SwingKernel(graph, new SwingParameters(), 2);
        using var cancel = new CancellationTokenSource();
        cancel.Cancel();
        Assert.ThrowsAny<OperationCanceledException>(
            () => kernel.Neighbours(All(graph), new SwingNeighbours(2, 1), cancellation: cancel.Token));
    }

    [Fact]
    public void Rows_that_are_too_narrow_are_refused()
    {
        SwingGraph graph = Graph(SwingLog.Parse("1:1,2,3 2:1,2,3"));
        var kernel = new SwingKernel(graph, new SwingParameters(), 1);
        Assert.Throws<ArgumentException>(() => kernel.Neighbours(All(graph), new SwingNeighbours(3, 1)));
    }

    [Fact]
    public void Progress_reaches_the_sum_of_pairs()
    {
        SwingGraph graph = Graph(SwingLog.Parse("1:1,2,3 2:1,2,3 3:2,3"));
        long done = 0;
        new SwingKernel(graph, new SwingParameters(), 1).Neighbours(All(graph), new SwingNeighbours(3, 2), pairs => done += pairs);
        Assert.Equal(1 + 3 + 3, graph.UserPairs);
        Assert.Equal(graph.UserPairs, done);
    }

    private static int[] All(SwingGraph graph) => [.. Enumerable.Range(0, graph.Items)];

    private static SwingGraph Graph(SwingLog log)
    {
        var users = log.Edges.GroupBy(e => e.User).OrderBy(g => g.Key).ToList();
        List<long> items = [.. log.Edges.Select(e => e.Item).Distinct().Order()];
        int[] start = [0, .. users.Select(u => u.Count()).Aggregate(new List<int>(), (sums, n) => [.. sums, (sums.Count > 0 ? sums[^1] : 0) + n])];
        int[] edges = [.. users.SelectMany(u => u.Select(e => items.BinarySearch(e.Item)).Order())];
        return new SwingGraph(start, edges, [.. users.Select(u => Weight(u.First().UserItems))], items.Count);
    }

    /// <summary>Items whose numbers are equal modulo the size of the bitmaps are not taken for each other.</summary>
    [Fact]
    public void A_catalogue_larger_than_the_bitmaps_has_the_same_rows()
    {
        const int Items = 200_000;
        var random = new SplitMix64(9);
        var start = new int[301];
        var items = new List<int>();
        for (int u = 0; u < 300; u++)
        {
            // Most items are drawn from a few, and each of those is one of three that share bits.
            var own = new SortedSet<int>();
            for (int n = 0; n < 40; n++)
            {
                own.Add(n % 4 == 0 ? (int)random.NextBelow(Items) : (int)random.NextBelow(60) + (65_536 * (int)random.NextBelow(3)));
            }

            items.AddRange(own);
            start[u + 1] = items.Count;
        }

        double[] weights = [.. Enumerable.Range(0, 300).Select(u => 1 / Math.Sqrt(start[u + 1] - start[u]))];
        var graph = new SwingGraph(start, [.. items], weights, Items);
        var parameters = new SwingParameters { Alpha2 = 1, TopK = 50 };
        string rows = Rows(graph, parameters, 1, SwingMethod.Stored);

        Assert.Equal(rows, Rows(graph, parameters, 1, SwingMethod.PerTarget));
        Assert.Equal(rows, Rows(graph, parameters, 3, SwingMethod.PerTarget));
    }

    private static string Rows(SwingGraph graph, SwingParameters parameters, int threads, SwingMethod method)
    {
        var kernel = new SwingKernel(graph, parameters, threads, method);
        int block = Math.Max(1, graph.Items / 2);
        var rows = new SwingNeighbours(block, parameters.TopK);
        var text = new List<string>();
        for (int from = 0; from < graph.Items; from += block)
        {
            int to = Math.Min(from + block, graph.Items);
            kernel.Neighbours(All(graph).AsMemory(from, to - from), rows);
            for (int t = 0; t < to - from; t++)
            {
                foreach (SwingNeighbour row in rows.Of(t))
                {
                    text.Add($"{from + t} {row.Item} {BitConverter.DoubleToInt64Bits(row.Score):x} {row.Common}");
                }
            }
        }

        return string.Join('\n', text);
    }
}
