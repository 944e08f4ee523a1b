using System.Diagnostics;
using OneRec.Benchmarks.Vectors;
using OneRec.Kernels.Clustering.Training;

namespace OneRec.Benchmarks.Cases;

/// <summary>
/// Training of RQ-KMeans in memory, level by level, as step <c>train</c> does it: seconds are those of a level's seeding and
/// passes, without reading and without the final assignment, whose codes give the error and the usage. A small training
/// goes before, so that none of them has compiling in it.
/// </summary>
/// <param name="name">The case's word.</param>
/// <param name="levels">Levels where none are given; 1: one level's k-means, and no option for more.</param>
internal sealed class RqCase(string name, int levels) : ICase
{
    /// <inheritdoc/>
    public string Name => name;

    /// <inheritdoc/>
    public IReadOnlyList<string> Help =>
    [
        $"{BenchVectors.Help} --codes K {(levels > 1 ? $"[--levels {levels}] " : "")}[--seed 1] [--threads N]",
        "[--epochs 6] [--refine 3] [--batch ROWS] [--max-batches 64] [--init kmeans++|random] [--init-sample ROWS] [--curve]",
        levels > 1
            ? "residual k-means of generated rows, or of raw little-endian float32 rows of D numbers: a line a level with"
            : "k-means of one level, of generated rows or of raw little-endian float32 rows of D numbers: a line with",
        "level, the seconds of its training (after a small one, for the compiler), mse (a row, summed over dimensions), utilization;",
        "--curve adds the objective of each iteration with the seconds so far",
    ];

    /// <inheritdoc/>
    public IEnumerable<Result> Run(IReadOnlyList<string> arguments)
    {
        var given = new Arguments(
            arguments,
            [
                .. BenchVectors.Options, "--codes", "--seed", "--threads", "--epochs", "--refine", "--batch", "--max-batches", "--init",
                "--init-sample", .. levels > 1 ? ["--levels"] : Array.Empty<string>(),
            ],
            "--curve");
        int codes = (int)given.Number("--codes", 1);
        long seed = given.Number("--seed", 0, 1);
        int threads = (int)given.Number("--threads", 1, Environment.ProcessorCount);
        int epochs = (int)given.Number("--epochs", 0, 6);
        int refine = (int)given.Number("--refine", 0, 3);
        int sample = (int)given.Number("--init-sample", 1, 16 * codes);
        InitMode init = given.Text("--init", codes <= 1024 ? "kmeans++" : "random") switch
        {
            "kmeans++" => InitMode.KMeansPlusPlus,
            "random" => InitMode.Random,
            string other => throw new UsageException($"--init is kmeans++ or random, not {other}"),
        };
        (float[] rows, int dims) = BenchVectors.Read(given);
        int batches = MiniBatchPlan.Batches(
            rows.Length / dims,
            given.Number("--batch", 1, MiniBatchPlan.DefaultBatch([codes])),
            (int)given.Number("--max-batches", 1, 64));
        var data = new TrainingRows(rows, dims, seed, batches);
        WarmUp(rows, dims, threads);
        int wanted = levels > 1 ? (int)given.Number("--levels", 1, levels) : 1;
        for (int level = 0; level < wanted; level++)
        {
            long start = Stopwatch.GetTimestamp();
            double processorStart = Timing.ProcessorSeconds();
            var curve = new List<double[]>();
            var scales = new LevelScales(data.Count, dims, data.MaxAbs());
            float[] initial = InitialCentroids.Choose(
                init, codes, InitialCentroids.Generator(seed, level), data.First(sample), data.First, threads);
            double seeding = Stopwatch.GetElapsedTime(start).TotalSeconds;
            TrainedLevel trained = new LevelTrainer(
                new MemoryPasses(data.Vectors, data.Ids, scales, threads),
                scales,
                initial,
                record => curve.Add([Math.Round(Stopwatch.GetElapsedTime(start).TotalSeconds, 4), record.Objective])).Train(epochs, refine);
            double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
            double processor = Timing.ProcessorSeconds() - processorStart;
            (double mse, double utilization, double entropy) = data.Subtract(trained.Centroids, threads);
            var facts = new Dictionary<string, object>
            {
                ["rows"] = data.Count,
                ["dim"] = dims,
                ["codes"] = codes,
                ["batches"] = batches,
                ["epochs"] = epochs,
                ["refine"] = refine,
                ["seed"] = seed,
                ["threads"] = threads,
                ["processorSeconds"] = processor,
                ["seedingSeconds"] = seeding,
                ["entropyNats"] = entropy,
                ["perplexity"] = Math.Exp(entropy),
            };
            if (given.Has("--curve"))
            {
                facts["curve"] = curve;
            }

            yield return new Result(name, seconds, data.Count / seconds, "rows/s", Timing.PeakBytes(), facts)
            {
                Level = level,
                Mse = mse,
                Utilization = utilization,
            };
        }
    }

    private static void WarmUp(float[] rows, int dims, int threads)
    {
        const int Codes = 64;
        const int Rows = 8 * Codes;
        if (rows.Length < Rows * dims)
        {
            return;
        }

        var data = new TrainingRows(rows[..(Rows * dims)], dims, seed: 0, batches: 2);
        for (int turn = 0; turn < 2; turn++)
        {
            var scales = new LevelScales(data.Count, dims, data.MaxAbs());
            float[] initial = InitialCentroids.Choose(
                InitMode.KMeansPlusPlus, Codes, InitialCentroids.Generator(0, turn), data.First(Rows), data.First, threads);
            TrainedLevel trained = new LevelTrainer(new MemoryPasses(data.Vectors, data.Ids, scales, threads), scales, initial)
                .Train(epochs: 2, refine: 2);
            data.Subtract(trained.Centroids, threads);
        }
    }
}
