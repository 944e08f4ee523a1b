using OneRec.Kernels.Clustering;
using OneRec.Kernels.Clustering.Batches;
using OneRec.Kernels.Clustering.Training;
using OneRec.Pipeline.Steps.Quantization;
using OneRec.Pipeline.Steps.Train;

namespace OneRec.Pipeline.Steps.Evaluate;

/// <summary>The reconstruction error of each level and how evenly its codes are used.</summary>
internal static class LevelMeasures
{
    /// <summary>Measures every level.</summary>
    public static IEnumerable<(string, int?, int?, double)> Measure(
        IQueryEngine engine,
        IMaterializedRelation measured,
        EmbeddedItems items,
        IRelation centroids,
        IReadOnlyList<float[]> levels,
        int dims)
    {
        VectorStats stats = TrainingChecks.RequireSound(VectorStats.Read(engine.Collect(
            engine.Map(measured, VectorStatsKernel.Call(items.IdType), PartitionShape.Any))));
        double variance = Variance(engine, measured, items, stats);
        yield return ("evaluate.variance", null, null, variance);

        IdQuality quality = Errors(engine, measured, centroids, levels, dims, stats.MaxAbs);
        for (int level = 0; level < levels.Count; level++)
        {
            IReadOnlyList<long> used = quality.Items(level);
            double mse = quality.Error(level) / measured.Rows;
            double entropy = Entropy(used, measured.Rows);
            yield return ("evaluate.mse", level, null, mse);
            yield return ("evaluate.utilization", level, null, used.Count(n => n > 0) / (double)used.Count);
            yield return ("evaluate.entropy", level, null, entropy);
            yield return ("evaluate.perplexity", level, null, Math.Exp(entropy));
            yield return ("evaluate.gini", level, null, Gini(used));
            if (variance > 0)
            {
                yield return ("evaluate.relative_error", level, null, mse / variance);
            }
        }
    }

    /// <summary>Errors and code usage by level, for the given items.</summary>
    public static IdQuality Errors(
        IQueryEngine engine, IRelation measured, IRelation centroids, IReadOnlyList<float[]> levels, int dims, float maxAbs)
    {
        // The residual of a component is at most the component plus the largest centroid component of each level.
        float bound = MathF.BitIncrement((float)(maxAbs + levels.Sum(l => (double)l.Max(MathF.Abs))));
        var quality = new IdQuality([.. levels.Select(l => l.Length / dims)], FixedPoint.ForErrors(dims, bound));
        quality.Read(engine.Collect(engine.Map(
            measured,
            IdQualityKernel.Call(bound),
            PartitionShape.Any,
            (EncodeKernel.CodebookSide, centroids))));
        return quality;
    }

    // How unevenly items are spread over codes (Gini 1912): the mean difference of two codes divided by twice the mean.
    private static double Gini(IReadOnlyList<long> used)
    {
        long[] ascending = [.. used.Order()];
        double weighted = 0;
        for (int at = 0; at < ascending.Length; at++)
        {
            weighted += ((2.0 * (at + 1)) - ascending.Length - 1) * ascending[at];
        }

        return weighted / (ascending.Length * (double)ascending.Sum());
    }

    // The mean squared distance to the mean, from two passes of k-means with one code.
    private static double Variance(IQueryEngine engine, IMaterializedRelation measured, EmbeddedItems items, VectorStats stats)
    {
        var scales = new LevelScales(stats.Rows, stats.Dims, stats.MaxAbs);
        var passes = new EnginePasses(engine, measured, items.IdType, scales, 1, () => { });
        PassSums sums = passes.Pass(0, new float[stats.Dims], worst: 0, countOnly: false);
        float[] mean = [.. sums.Sums.Select(s => (float)(scales.Vectors.ToDouble(s) / sums.Rows))];
        return passes.Pass(0, mean, worst: 0, countOnly: true).Objective;
    }

    private static double Entropy(IReadOnlyList<long> used, long items)
    {
        double entropy = 0;
        foreach (long n in used.Where(n => n > 0))
        {
            double share = n / (double)items;
            entropy -= share * Math.Log(share);
        }

        return entropy;
    }
}
