using OneRec.Core;
using OneRec.Kernels.Clustering.Rows;
using OneRec.Kernels.Clustering.Training;
using OneRec.Kernels.Tests.Clustering.Oracle;

namespace OneRec.Kernels.Tests.Clustering;

public sealed class TrainingTests
{
    [Theory]
    [InlineData(false, 1, InitMode.KMeansPlusPlus)]
    [InlineData(false, 3, InitMode.KMeansPlusPlus)]
    [InlineData(true, 3, InitMode.Random)]
    [InlineData(true, 2, InitMode.KMeansPlusPlus)]
    public void A_run_equals_the_oracle_bit_for_bit_whatever_rows_partitions_and_threads(bool texts, int batches, InitMode init)
    {
        SlowRow[] items = Items(VectorsOfTests.Clustered(240, 5, 9, 11), 5, texts);
        AssertEqualsOracle(items, [7, 5], batches, init, null);
    }

    [Fact]
    public void Duplicates_and_starving_codes_equal_the_oracle()
    {
        // Few distinct vectors, most of them many times: samples miss some, codes starve, deeper levels lack vectors.
        float[] few = VectorsOfTests.Uniform(12, 3, 12);
        float[] values = [.. Enumerable.Range(0, 200).SelectMany(i => few.AsSpan((i < 190 ? i % 3 : i % 12) * 3, 3).ToArray())];
        AssertEqualsOracle(Items(values, 3, texts: false), [9, 6, 4], 2, InitMode.KMeansPlusPlus, initSample: 10);
        AssertEqualsOracle(Items(values, 3, texts: true), [9, 6], 2, InitMode.Random, null);
    }

    [Fact]
    public void One_item_one_code_and_one_dimension_equal_the_oracle()
    {
        AssertEqualsOracle(Items([0.25f], 1, texts: false), [1, 1], 1, InitMode.KMeansPlusPlus, null);
        AssertEqualsOracle(Items(VectorsOfTests.Uniform(30, 1, 13), 1, texts: false), [4, 1, 3], 2, InitMode.KMeansPlusPlus, null);
        AssertEqualsOracle(Items(new float[12], 3, texts: false), [1, 1], 1, InitMode.KMeansPlusPlus, null);
    }

    [Fact]
    public void Tiny_and_huge_numbers_equal_the_oracle()
    {
        foreach (float scale in new[] { 1e-42f, 1e-12f, 1e15f, 1e37f })
        {
            float[] values = [.. VectorsOfTests.Clustered(80, 4, 6, 14).Select(v => v * scale)];
            AssertEqualsOracle(Items(values, 4, texts: false), [5, 3], 2, InitMode.KMeansPlusPlus, null);
        }
    }

    [Fact]
    public void Objective_never_rises_over_full_passes()
    {
        foreach (ulong seed in new ulong[] { 1, 2, 3, 4 })
        {
            TrainedLevel trained = TrainInMemory(VectorsOfTests.Clustered(3000, 16, 40, seed, 0.5f), 16, 64, epochs: 0, refine: 25);
            double[] objectives = [.. trained.Iterations.Select(i => i.Objective)];
            for (int i = 1; i < objectives.Length; i++)
            {
                Assert.True(objectives[i] <= objectives[i - 1] * (1 + 1e-6), $"{objectives[i - 1]:R} rose to {objectives[i]:R}");
            }

            Assert.True(objectives[^1] < 0.95 * objectives[0]);
        }
    }

    [Fact]
    public void Every_code_is_used_and_items_count_the_rows()
    {
        TrainedLevel trained = TrainInMemory(VectorsOfTests.Clustered(2000, 8, 300, 21, 0.01f), 8, 256, epochs: 4, refine: 2);
        Assert.All(trained.Items, items => Assert.True(items > 0));
        Assert.Equal(2000, trained.Items.Sum());
        Assert.Equal(TrainingPhase.Closing, trained.Iterations[^1].Phase);
        Assert.Equal([.. Enumerable.Range(0, trained.Iterations.Count)], trained.Iterations.Select(i => i.Iteration));
    }

    [Fact]
    public void Worst_served_rows_do_not_depend_on_the_order_of_offers()
    {
        (double Error, long Id)[] rows = [.. Enumerable.Range(0, 60).Select(i => (Math.Floor(i % 13 / 2.0), (long)(i * 37 % 60)))];
        (double, long)[] expected = [.. rows.Where(r => r.Error > 0).OrderByDescending(r => r.Error).ThenBy(r => r.Id).Take(10)];
        for (int turn = 0; turn < 20; turn++)
        {
            var random = new SplitMix64((ulong)turn);
            WorstServed[] parts = [.. Enumerable.Range(0, 1 + (turn % 3)).Select(_ => new WorstServed(10))];
            foreach ((double error, long id) in rows.OrderBy(_ => random.NextUInt64()))
            {
                parts[random.NextBelow(parts.Length)].Offer(error, ItemId.Of(id), [(float)id]);
            }

            var all = new WorstServed(10);
            Array.ForEach(parts, all.Merge);
            Assert.Equal(expected, all.Rows.Select(r => (r.Error, r.Id.Number)));
        }
    }

    [Theory]
    [InlineData(100_000, 20_480, 64, 5)]
    [InlineData(9_125, 5_120, 64, 2)]
    [InlineData(10, 20, 64, 1)]
    [InlineData(9, 20, 64, 1)]
    [InlineData(30, 20, 64, 2)]
    [InlineData(1_000_000_000, 20_480, 64, 64)]
    public void Batches_are_rounded_halves_up_and_bounded(long rows, long batch, int maxBatches, int expected) =>
        Assert.Equal(expected, MiniBatchPlan.Batches(rows, batch, maxBatches));

    private static TrainedLevel TrainInMemory(float[] rows, int d, int k, int epochs, int refine)
    {
        int n = rows.Length / d;
        var scales = new LevelScales(n, d, rows.Max(Math.Abs));
        ItemId[] ids = [.. Enumerable.Range(0, n).Select(i => ItemId.Of((long)i))];
        var passes = new MemoryPasses([rows[..(n / 2 * d)], rows[(n / 2 * d)..]], [ids[..(n / 2)], ids[(n / 2)..]], scales, threads: 2);
        int[] chosen = [.. new KMeansPlusPlus([.. rows.Chunk(d)], d, threads: 2).Choose(k, InitialCentroids.Generator(1, 0))];
        return new LevelTrainer(passes, scales, [.. chosen.SelectMany(i => rows[(i * d)..((i + 1) * d)])]).Train(epochs, refine);
    }

    private static SlowRow[] Items(float[] values, int d, bool texts) =>
        [.. values.Chunk(d).Select((v, i) => texts
            ? new SlowRow($"{(i % 3 == 0 ? "é" : i % 3 == 1 ? "𐍈" : "\uFFFD")}{i}", null, v)
            : new SlowRow($"{(i * 7919L) - 500}", (i * 7919L) - 500, v))];

    private static void AssertEqualsOracle(SlowRow[] items, int[] codes, int batches, InitMode init, int? initSample)
    {
        var oracle = new SlowRqKMeans
        {
            Seed = 3,
            Codes = codes,
            Batches = batches,
            Epochs = 4,
            Refine = 2,
            Random = init == InitMode.Random,
            InitSample = initSample,
        };
        oracle.Run(items);
        foreach ((int partitions, int batchRows, int threads, ulong shuffle) in new[] { (1, 1000, 1, 1UL), (3, 17, 2, 2UL) })
        {
            var random = new SplitMix64(shuffle);
            var harness = new TrainingHarness([.. items.OrderBy(_ => random.NextUInt64())], partitions, batchRows, threads);
            harness.Run(3, codes, batches, 4, 2, init, initSample);
            for (int level = 0; level < codes.Length; level++)
            {
                Assert.Equal(Bits([.. oracle.Centroids[level].SelectMany(c => c)]), Bits(harness.Centroids[level]));
                Assert.Equal(oracle.Items[level], harness.Items[level]);
                Assert.Equal(oracle.Objectives[level], harness.Objectives[level]);
            }
        }
    }

    private static int[] Bits(float[] values) => [.. values.Select(BitConverter.SingleToInt32Bits)];
}
