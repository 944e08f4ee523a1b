using System.Diagnostics;
using System.Runtime.InteropServices;
using OneRec.Core;
using OneRec.Kernels.Clustering;
using OneRec.Kernels.Clustering.Rows;
using OneRec.Kernels.Clustering.Training;

namespace OneRec.Benchmarks.Cases;

/// <summary>
/// Training of RQ-KMeans in memory, level by level, as step <c>train</c> does it: seconds are those of a level's seeding and
/// passes, without reading and without the final assignment, whose codes give the error and the usage.
/// </summary>
internal sealed class RqCase : ICase
{
    /// <inheritdoc/>
    public string Name => "rq";

    /// <inheritdoc/>
    public IReadOnlyList<string> Help =>
    [
        "--input FILE --dim D --codes K [--levels 3] [--seed 1] [--threads N] [--epochs 12] [--refine 4]",
        "[--batch ROWS] [--init kmeans++|random] [--curve]",
        "residual k-means of raw little-endian float32 rows of D numbers: a line a level with the seconds of its",
        "training, mse (a row, summed over dimensions), utilization, entropy in nats, perplexity;",
        "--curve adds the objective of each iteration with the seconds so far",
    ];

    /// <inheritdoc/>
    public IEnumerable<Result> Run(IReadOnlyList<string> arguments)
    {
        var given = new Arguments(
            arguments,
            ["--input", "--dim", "--codes", "--levels", "--seed", "--threads", "--epochs", "--refine", "--batch", "--init"],
            "--curve");
        int dims = (int)given.Number("--dim", 1);
        int codes = (int)given.Number("--codes", 1);
        int levels = (int)given.Number("--levels", 1, 3);
        long seed = given.Number("--seed", 0, 1);
        int threads = (int)given.Number("--threads", 1, Environment.ProcessorCount);
        int epochs = (int)given.Number("--epochs", 0, 12);
        int refine = (int)given.Number("--refine", 0, 4);
        InitMode init = given.Text("--init", codes <= 1024 ? "kmeans++" : "random") switch
        {
            "kmeans++" => InitMode.KMeansPlusPlus,
            "random" => InitMode.Random,
            string other => throw new UsageException($"--init is kmeans++ or random, not {other}"),
        };
        float[] rows = Read(given.Text("--input"), dims);
        int n = rows.Length / dims;
        int batches = MiniBatchPlan.Batches(n, given.Number("--batch", 1, MiniBatchPlan.DefaultBatch([codes])), 64);
        Batched data = Batched.Of(rows, dims, seed, batches);
        for (int level = 0; level < levels; level++)
        {
            long start = Stopwatch.GetTimestamp();
            var curve = new List<double[]>();
            var scales = new LevelScales(n, dims, data.MaxAbs());
            float[] initial = InitialCentroids.Choose(
                init, codes, InitialCentroids.Generator(seed, level), data.First(16 * codes), data.First, threads);
            TrainedLevel trained = new LevelTrainer(new MemoryPasses(data.Rows, data.Ids, scales, threads), scales, initial, record =>
                curve.Add([Math.Round(Stopwatch.GetElapsedTime(start).TotalSeconds, 4), record.Objective])).Train(epochs, refine);
            double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
            (double mse, double utilization, double entropy) = data.Subtract(trained.Centroids, threads);
            var facts = new Dictionary<string, object>
            {
                ["level"] = level,
                ["mse"] = mse,
                ["utilization"] = utilization,
                ["entropy_nats"] = entropy,
                ["perplexity"] = Math.Exp(entropy),
                ["rows"] = n,
                ["dim"] = dims,
                ["codes"] = codes,
                ["batches"] = batches,
                ["seed"] = seed,
                ["threads"] = threads,
            };
            if (given.Has("--curve"))
            {
                facts["curve"] = curve;
            }

            yield return new Result("rq", seconds, n / seconds, "rows/s", Timing.PeakBytes(), facts);
        }
    }

    private static float[] Read(string path, int dims)
    {
        long bytes = new FileInfo(path).Length;
        if (bytes == 0 || bytes % (dims * sizeof(float)) != 0)
        {
            throw new UsageException($"{path} has {bytes} bytes, no whole number of rows of {dims} float32");
        }

        var rows = new float[bytes / sizeof(float)];
        using FileStream file = File.OpenRead(path);
        file.ReadExactly(MemoryMarshal.AsBytes(rows.AsSpan()));
        return rows;
    }

    // Rows by batch, and the order of init; ids are row numbers.
    private sealed record Batched(List<float[]> Rows, List<ItemId[]> Ids, int Dims, (int Batch, int Row)[] InitOrder)
    {
        public static Batched Of(float[] rows, int dims, long seed, int batches)
        {
            int n = rows.Length / dims;
            var members = Enumerable.Range(0, batches).Select(_ => new List<int>()).ToList();
            var hashes = new long[n];
            var places = new (int Batch, int Row)[n];
            for (int i = 0; i < n; i++)
            {
                string id = ItemId.Of((long)i).ToString();
                int batch = (int)(((ulong)StableHash.Order32(seed, "batch", id) * (ulong)batches) >> 32);
                hashes[i] = StableHash.Order32(seed, "init", id);
                places[i] = (batch, members[batch].Count);
                members[batch].Add(i);
            }

            int[] order = [.. Enumerable.Range(0, n).OrderBy(i => hashes[i]).ThenBy(i => i)];
            return new Batched(
                [.. members.Select(m => m.SelectMany(i => new ArraySegment<float>(rows, i * dims, dims)).ToArray())],
                [.. members.Select(m => m.Select(i => ItemId.Of((long)i)).ToArray())],
                dims,
                [.. order.Select(i => places[i])]);
        }

        public float MaxAbs() => Rows.Max(batch => batch.Length == 0 ? 0 : batch.Max(Math.Abs));

        public IReadOnlyList<SampleRow> First(int wanted) =>
        [
            .. InitOrder.Take(wanted).Select((place, at) => new SampleRow(
                at, Ids[place.Batch][place.Row], Rows[place.Batch].AsSpan(place.Row * Dims, Dims).ToArray())),
        ];

        // Assigns all rows, leaves their residuals, tells mean error, utilization and entropy.
        public (double Mse, double Utilization, double Entropy) Subtract(float[] centroids, int threads)
        {
            using var nearest = new NearestCentroid(centroids, Dims);
            var counts = new long[nearest.Codes];
            double error = 0;
            for (int batch = 0; batch < Rows.Count; batch++)
            {
                var codes = new int[Ids[batch].Length];
                var errors = new double[codes.Length];
                nearest.Find(Rows[batch], codes, errors, threads);
                Residual.Subtract(Rows[batch], centroids, codes, Dims);
                error += errors.Sum();
                foreach (int code in codes)
                {
                    counts[code]++;
                }
            }

            double all = counts.Sum();
            return (
                error / all,
                counts.Count(c => c > 0) / (double)counts.Length,
                -counts.Where(c => c > 0).Sum(c => c / all * Math.Log(c / all)));
        }
    }
}
