namespace OneRec.Kernels.Clustering.Training;

/// <summary>
/// Mini-batch k-means for one level, as specified in docs/method/rq-kmeans.md: epochs of batch updates with reset counts,
/// full passes, reseeding of starved codes with the worst-served rows, a closing assignment. Holds only centroids and counts.
/// </summary>
/// <remarks>The same passes give bit-identical results: nothing here depends on how a pass was computed.</remarks>
public sealed class LevelTrainer
{
    private const int MaxClosings = 4;

    private readonly IBatchPasses _passes;
    private readonly LevelScales _scales;
    private readonly float[] _centroids;
    private readonly int _codes;
    private readonly int _worst;
    private readonly Action<IterationRecord>? _onIteration;
    private readonly List<IterationRecord> _iterations = [];

    /// <summary>Creates a trainer for one level.</summary>
    /// <param name="passes">Makes passes over the level's rows.</param>
    /// <param name="scales">The level's scales.</param>
    /// <param name="initial">[k, d] initial centroids; copied.</param>
    /// <param name="onIteration">Called after each iteration.</param>
    public LevelTrainer(IBatchPasses passes, LevelScales scales, float[] initial, Action<IterationRecord>? onIteration = null)
    {
        ArgumentNullException.ThrowIfNull(passes);
        ArgumentNullException.ThrowIfNull(scales);
        ArgumentNullException.ThrowIfNull(initial);
        _passes = passes;
        _scales = scales;
        _centroids = [.. initial];
        _codes = initial.Length / scales.Dims;
        _worst = WorstOf(_codes);
        _onIteration = onIteration;
    }

    /// <summary>Number of worst-served rows kept for k codes: min(k, max(16, ceil(k / 16))).</summary>
    public static int WorstOf(int codes) => Math.Min(codes, Math.Max(16, (codes + 15) / 16));

    /// <summary>Trains the level.</summary>
    /// <param name="epochs">Epochs of batch updates, at least 0.</param>
    /// <param name="refine">Full passes after them, at least 0.</param>
    public TrainedLevel Train(int epochs, int refine)
    {
        for (int epoch = 0; epoch < epochs; epoch++)
        {
            Epoch();
        }

        for (int pass = 0; pass < refine; pass++)
        {
            PassSums sums = FullPass(countOnly: false);
            var counts = new long[_codes];
            Update(sums, counts);
            Close(TrainingPhase.Refine, sums.Objective, sums.Counts, sums.Worst, mayGive: true);
        }

        for (int closing = 1; ; closing++)
        {
            PassSums sums = FullPass(countOnly: true);
            if (Close(TrainingPhase.Closing, sums.Objective, sums.Counts, sums.Worst, closing < MaxClosings) == 0)
            {
                return new TrainedLevel(_centroids, sums.Counts, _iterations);
            }
        }
    }

    private void Epoch()
    {
        var counts = new long[_codes];
        var total = new PassSums(_codes, _scales, _worst, countOnly: true);
        for (int batch = 0; batch < _passes.Batches; batch++)
        {
            PassSums sums = _passes.Pass(batch, _centroids, _worst, countOnly: false);
            Update(sums, counts);
            total.AddTotal(sums.Rows, sums.Error);
            total.Worst.Merge(sums.Worst);
        }

        Close(TrainingPhase.Epoch, total.Objective, counts, total.Worst, mayGive: true);
    }

    private PassSums FullPass(bool countOnly)
    {
        var total = new PassSums(_codes, _scales, _worst, countOnly);
        for (int batch = 0; batch < _passes.Batches; batch++)
        {
            total.Add(_passes.Pass(batch, _centroids, _worst, countOnly));
        }

        return total;
    }

    private void Update(PassSums sums, long[] counts)
    {
        int dims = _scales.Dims;
        double unit = Math.ScaleB(1.0, -_scales.Vectors.Shift);
        for (int code = 0; code < _codes; code++)
        {
            long rows = sums.Counts[code];
            if (rows == 0)
            {
                continue;
            }

            counts[code] += rows;
            double weight = (double)rows / counts[code];
            Span<float> centroid = _centroids.AsSpan(code * dims, dims);
            ReadOnlySpan<long> sum = sums.Sums.AsSpan(code * dims, dims);
            for (int t = 0; t < dims; t++)
            {
                double mean = (double)sum[t] / rows * unit;
                centroid[t] = (float)(centroid[t] + ((mean - centroid[t]) * weight));
            }
        }
    }

    // Records the iteration and reseeds starved codes; returns how many.
    private int Close(TrainingPhase phase, double objective, long[] counts, WorstServed worst, bool mayGive)
    {
        int[] starved = [.. Enumerable.Range(0, _codes).Where(code => counts[code] == 0)];
        int given = mayGive ? Reseed(starved, worst) : 0;
        var record = new IterationRecord(_iterations.Count, phase, objective, starved.Length, given);
        _iterations.Add(record);
        _onIteration?.Invoke(record);
        return given;
    }

    private int Reseed(int[] starved, WorstServed worst)
    {
        if (starved.Length == 0)
        {
            return 0;
        }

        var taken = new DistinctVectors(_scales.Dims);
        int given = 0;
        foreach (WorstRow row in worst.Rows)
        {
            if (given == starved.Length)
            {
                break;
            }

            if (taken.Add(row.Vector))
            {
                row.Vector.CopyTo(_centroids.AsSpan(starved[given] * _scales.Dims));
                given++;
            }
        }

        return given;
    }
}

/// <summary>The number of mini-batches.</summary>
public static class MiniBatchPlan
{
    /// <summary>The default batch size: 20 rows per code of the largest level.</summary>
    public static long DefaultBatch(IEnumerable<int> codes) => 20L * codes.Max();

    /// <summary>B = clamp(round(rows / batch), 1, maxBatches), halves rounded up.</summary>
    public static int Batches(long rows, long batch, int maxBatches) =>
        (int)Math.Clamp(((2 * rows) + batch) / (2 * batch), 1, maxBatches);
}
