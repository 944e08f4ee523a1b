namespace OneRec.Kernels.Clustering.Training;

/// <summary>How many batches a training has.</summary>
public static class MiniBatchPlan
{
    /// <summary>Rows of a batch where none are asked for: 20 times the codes of the largest level.</summary>
    public static long DefaultBatch(IEnumerable<int> codes) => 20L * codes.Max();

    /// <summary>B = clamp(round(rows / batch), 1, maxBatches), halves up.</summary>
    public static int Batches(long rows, long batch, int maxBatches) =>
        (int)Math.Clamp(((2 * rows) + batch) / (2 * batch), 1, maxBatches);
}
