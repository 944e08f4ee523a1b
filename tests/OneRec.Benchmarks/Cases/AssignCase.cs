using OneRec.Benchmarks.Vectors;
using OneRec.Kernels.Clustering;

namespace OneRec.Benchmarks.Cases;

/// <summary>
/// Exact assignment of rows to the nearest of K centroids. Beside its rate stands that of a loop of fused multiply-adds in
/// registers, and some rows are compared with brute force in double.
/// </summary>
internal sealed class AssignCase : ICase
{
    private const int Checked = 2_000;

    /// <inheritdoc/>
    public string Name => "assign";

    /// <inheritdoc/>
    public IReadOnlyList<string> Help =>
    [
        $"{BenchVectors.Help} --codes K [--data spectrum|normal] [--threads N] [--runs 3] [--seconds 3]",
        "exact nearest of K centroids for all rows: generated ones, or raw little-endian float32 rows of D numbers, whose",
        "centroids are K of them, spread evenly; --data normal is what faiss_assign.py takes; best of N runs and until N",
        "seconds are spent; fusedRate is that of a register-only loop in the same run; 2,000 rows are compared with brute",
        "force in double",
    ];

    /// <inheritdoc/>
    public IEnumerable<Result> Run(IReadOnlyList<string> arguments)
    {
        var given = new Arguments(arguments, [.. BenchVectors.Options, "--codes", "--data", "--threads", "--runs", "--seconds"]);
        int codes = (int)given.Number("--codes", 1);
        int threads = (int)given.Number("--threads", 1, Environment.ProcessorCount);
        (float[] rows, float[] centroids, int dims) = Data(given, codes);
        int n = rows.Length / dims;
        using var nearest = new NearestCentroid(centroids, dims);
        var found = new int[n];
        var errors = new double[n];
        double fused = FusedLoop.Rate(threads, 5);
        double processor = double.PositiveInfinity;
        (double seconds, int runs) = Timing.Best(
            () =>
            {
                double before = Timing.ProcessorSeconds();
                nearest.Find(rows, found, errors, threads);
                processor = Math.Min(processor, Timing.ProcessorSeconds() - before);
            },
            (int)given.Number("--runs", 1, 3),
            given.Number("--seconds", 0, 3));
        fused = Math.Max(fused, FusedLoop.Rate(threads, 5));
        long rescored = nearest.Rescored / runs;
        double rate = 2.0 * n * dims * codes / seconds;
        var facts = new Dictionary<string, object>
        {
            ["rows"] = n,
            ["dim"] = dims,
            ["codes"] = codes,
            ["threads"] = threads,
            ["runs"] = runs,
            ["processorSeconds"] = processor,
            ["gflops"] = rate / 1e9,
            ["fusedGflops"] = fused / 1e9,
            ["shareOfFused"] = rate / fused,
            ["rescoredRows"] = rescored,
            ["bruteForceEqual"] = RequireEqual(rows, centroids, found, errors, dims),
        };
        yield return new Result(Name, seconds, n / seconds, "rows/s", Timing.PeakBytes(), facts);
    }

    private static (float[] Rows, float[] Centroids, int Dims) Data(Arguments given, int codes)
    {
        if (given.Text("--input", "").Length > 0)
        {
            (float[] read, int dims) = BenchVectors.Read(given);
            int n = read.Length / dims;
            return codes <= n
                ? (read, [.. Enumerable.Range(0, codes).SelectMany(c => read[((int)((long)c * n / codes) * dims)..][..dims])], dims)
                : throw new UsageException($"--codes {codes} are more than the {n} rows");
        }

        int rows = (int)given.Number("--rows", 1);
        int dim = (int)given.Number("--dim", 1);
        return given.Text("--data", "spectrum") switch
        {
            "spectrum" => (BenchVectors.Spectrum(rows, dim, 1), BenchVectors.Spectrum(codes, dim, 2), dim),
            "normal" => (Normal(rows * dim, 1), Normal(codes * dim, 2), dim),
            string other => throw new UsageException($"--data is spectrum or normal, not {other}"),
        };
    }

    private static float[] Normal(int count, ulong seed)
    {
        var normal = new NormalNumbers(seed);
        var values = new float[count];
        for (int i = 0; i < count; i++)
        {
            values[i] = (float)normal.Next();
        }

        return values;
    }

    // The rows that were compared; a difference ends the run.
    private static int RequireEqual(float[] rows, float[] centroids, int[] found, double[] errors, int dims)
    {
        int count = Math.Min(Checked, found.Length);
        Parallel.For(0, count, at =>
        {
            int row = (int)((long)at * found.Length / count);
            ReadOnlySpan<float> vector = rows.AsSpan(row * dims, dims);
            double least = double.PositiveInfinity;
            int nearest = -1;
            for (int code = 0; code < centroids.Length / dims; code++)
            {
                double distance = 0;
                for (int t = 0; t < dims; t++)
                {
                    double difference = (double)vector[t] - centroids[(code * dims) + t];
                    distance += difference * difference;
                }

                if (distance < least)
                {
                    (least, nearest) = (distance, code);
                }
            }

            if (nearest != found[row] || least != errors[row])
            {
                throw new InvalidOperationException(
                    $"row {row}: code {found[row]} at {errors[row]:R}, brute force in double has {nearest} at {least:R}");
            }
        });
        return count;
    }
}
