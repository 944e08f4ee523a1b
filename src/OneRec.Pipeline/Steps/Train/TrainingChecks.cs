using OneRec.Core;
using OneRec.Kernels.Clustering.Batches;

namespace OneRec.Pipeline.Steps.Train;

/// <summary>Checks of the training vectors; errors name the item.</summary>
internal static class TrainingChecks
{
    private const double GreatestNorm = 1 << 20;

    /// <summary>Checks that all vectors have one length and are finite; returns their statistics.</summary>
    /// <param name="lengths">Statistics for each vector length that occurs.</param>
    /// <exception cref="OneRecException">
    /// Input error: vectors differ in length, are empty, or are not finite.
    /// </exception>
    public static VectorStats RequireSound(IReadOnlyList<VectorStats> lengths)
    {
        if (lengths.Count > 1)
        {
            VectorStats most = lengths.MaxBy(l => l.Rows)!;
            VectorStats odd = lengths.Where(l => l != most).MinBy(l => l.LowestId)!;
            throw OneRecException.Input(
                "embedding.length",
                $"item_embeddings: item {odd.LowestId} has {odd.Dims} numbers, but {most.Rows} others have {most.Dims}; embed it again");
        }

        if (lengths[0].BadId is { } bad)
        {
            throw OneRecException.Input(
                "embedding.not-finite",
                $"item_embeddings: the embedding of item {bad} holds a number that is not finite; embed it again");
        }

        return lengths[0].Dims > 0 ? lengths[0] : throw OneRecException.Input(
            "embedding.length",
            $"item_embeddings: the embedding of item {lengths[0].LowestId} is empty; embed it again");
    }

    /// <summary>The lower median of norms greater than 0; 0 if there are none.</summary>
    public static double LowerMedian(IEnumerable<double> norms)
    {
        double[] ordered = [.. norms.Order()];
        return ordered.Length == 0 ? 0 : ordered[(ordered.Length - 1) / 2];
    }

    /// <summary>Rejects an item whose norm is so large that the other items would lose precision.</summary>
    /// <exception cref="OneRecException">Input error <c>train.norm</c>.</exception>
    public static void RequireNorm(VectorStats stats, double median, int level)
    {
        if (median > 0 && stats.MaxNorm > GreatestNorm * median)
        {
            throw OneRecException.Input(
                "train.norm",
                $"item_embeddings: item {stats.MaxNormId} has norm {stats.MaxNorm:G4} at level {level}, more than 2^20 times "
                    + $"the median {median:G4}; embed it again or delete the item");
        }
    }

    /// <summary>Rejects more codes than distinct vectors.</summary>
    /// <exception cref="OneRecException">Input error <c>train.codes</c>.</exception>
    public static void RequireDistinct(int codes, int distinct, long rows)
    {
        if (distinct < codes)
        {
            throw TooManyCodes(codes, $"the {rows} items have only {distinct} distinct embeddings", distinct);
        }
    }

    /// <summary>The error for more codes than distinct vectors, with a number of codes that fits.</summary>
    /// <param name="codes">Codes at level 0.</param>
    /// <param name="why">What there is.</param>
    /// <param name="distinct">Distinct vectors, or as many as there can be.</param>
    public static OneRecException TooManyCodes(int codes, string why, long distinct) => OneRecException.Input(
        "train.codes",
        $"train.codes requires {codes} codes at level 0, but {why}; set train.codes={TrainOptions.FittingCodes(distinct)} "
            + $"(at most {distinct}; the more codes, the fewer items share one)");
}
