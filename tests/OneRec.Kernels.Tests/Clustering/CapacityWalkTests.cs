using CsCheck;
using OneRec.Kernels.Clustering;
using OneRec.Kernels.Tests.Clustering.Oracle;

namespace OneRec.Kernels.Tests.Clustering;

/// <summary>Capacity against the walk over all (item, code), and beside the best assignment there is.</summary>
public sealed class CapacityWalkTests
{
    private static readonly Gen<(int Items, int Codes, int Capacity, int Dims, int Held, int Seed)> Shapes = Gen.Select(
        Gen.Int[1, 40], Gen.Int[1, 37], Gen.Int[1, 4], Gen.Int[1, 19], Gen.Int[0, 3], Gen.Int[0, 1 << 20]);

    [Fact]
    public void Codes_and_errors_are_those_of_the_walk_over_the_whole_list() => Shapes.Sample(shape =>
    {
        (float[][] rows, float[][] centroids, long[] held) = Draw(shape.Items, shape.Codes, shape.Dims, shape.Held, shape.Seed);
        (int[] codes, double[] errors) = Fill(rows, centroids, held, shape.Capacity);
        int[] expected = Walk(rows, centroids, held, shape.Capacity);

        Assert.Equal(expected, codes);
        for (int item = 0; item < rows.Length; item++)
        {
            int code = codes[item] >= 0 ? codes[item] : SlowRqKMeans.Nearest(rows[item], centroids).Code;
            Assert.Equal(SlowRqKMeans.Distance(rows[item], centroids[code]), errors[item]);
        }
    });

    [Fact]
    public void No_code_has_more_than_it_may_and_items_are_left_over_only_where_all_is_full() => Shapes.Sample(shape =>
    {
        (float[][] rows, float[][] centroids, long[] held) = Draw(shape.Items, shape.Codes, shape.Dims, shape.Held, shape.Seed);
        long room = held.Sum(h => Math.Max(0, shape.Capacity - h));
        (int[] codes, _) = Fill(rows, centroids, held, shape.Capacity);

        Assert.Equal(Math.Min(rows.Length, room), codes.Count(c => c >= 0));
        Assert.All(
            codes.Where(c => c >= 0).GroupBy(c => c), g => Assert.True(held[g.Key] + g.Count() <= shape.Capacity, $"code {g.Key}"));
    });

    [Fact]
    public void The_walk_costs_little_more_than_the_best_assignment()
    {
        double walked = 0;
        double best = 0;
        for (int seed = 0; seed < 40; seed++)
        {
            (float[][] rows, float[][] centroids, long[] held) = Draw(30, 12, 8, 0, seed, ties: false);
            (int[] codes, double[] errors) = Fill(rows, centroids, held, 3);
            Assert.DoesNotContain(-1, codes);
            double least = BestAssignment.Cost(
                [.. rows.Select(r => centroids.SelectMany(c => Enumerable.Repeat(SlowRqKMeans.Distance(r, c), 3)).ToArray())]);
            Assert.True(errors.Sum() >= least * (1 - 1e-12), "cheaper than the best: the optimum is wrong");
            walked += errors.Sum();
            best += least;
        }

        double gap = (walked / best) - 1;
        TestContext.Current.TestOutputHelper?.WriteLine($"the walk costs {gap:P2} more than the best assignment");
        Assert.InRange(gap, 0, 0.15);
    }

    [Fact]
    public void The_best_assignment_is_the_best_of_all_permutations() => Gen.Select(Gen.Int[1, 6], Gen.Int[0, 1 << 20]).Sample((n, seed) =>
    {
        (float[][] rows, float[][] centroids, _) = Draw(n, n, 3, 0, seed, ties: false);
        double[][] costs = [.. rows.Select(r => centroids.Select(c => SlowRqKMeans.Distance(r, c)).ToArray())];

        Assert.Equal(Permutations(n).Min(p => p.Select((code, item) => costs[item][code]).Sum()), BestAssignment.Cost(costs), 1e-9);
    });

    private static IEnumerable<int[]> Permutations(int n) => n == 0
        ? [[]]
        : Permutations(n - 1).SelectMany(p => Enumerable.Range(0, n).Select(at => (int[])[.. p[..at], n - 1, .. p[at..]]));

    private static (int[] Codes, double[] Errors) Fill(float[][] rows, float[][] centroids, long[] held, int capacity)
    {
        var codes = new int[rows.Length];
        var errors = new double[rows.Length];
        new CapacityWalk([.. centroids.SelectMany(c => c)], centroids[0].Length, capacity).Fill(
            rows.SelectMany(r => r).ToArray(),
            [.. rows.Select(r => SlowRqKMeans.Nearest(r, centroids).Code)],
            [.. held],
            codes,
            errors,
            TestContext.Current.CancellationToken);
        return (codes, errors);
    }

    private static int[] Walk(float[][] rows, float[][] centroids, long[] held, int capacity)
    {
        long[] left = [.. held.Select(h => capacity - h)];
        int[] codes = [.. rows.Select(_ => -1)];
        foreach ((_, int item, int code) in rows
            .SelectMany((r, item) => centroids.Select((c, code) => (D: SlowRqKMeans.Distance(r, c), Item: item, Code: code)))
            .Order())
        {
            if (codes[item] < 0 && left[code] > 0)
            {
                codes[item] = code;
                left[code]--;
            }
        }

        return codes;
    }

    // Small whole numbers, so that distances tie often.
    private static (float[][] Rows, float[][] Centroids, long[] Held) Draw(
        int items, int codes, int dims, int held, int seed, bool ties = true)
    {
        var random = new Core.SplitMix64((ulong)seed);
        float Next() => ties ? random.NextBelow(3) : random.NextBelow(1 << 20) / (float)(1 << 20);
        float[][] Matrix(int n) => [.. Enumerable.Range(0, n).Select(_ => Enumerable.Range(0, dims).Select(_ => Next()).ToArray())];
        return (Matrix(items), Matrix(codes), [.. Enumerable.Range(0, codes).Select(_ => random.NextBelow(held + 1))]);
    }
}
