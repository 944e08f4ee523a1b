namespace OneRec.Pipeline.Compare;

/// <summary>How far embeddings are spread: what an error of reconstruction is measured against.</summary>
public static class EmbeddingVariance
{
    /// <summary>The mean squared distance of vectors from their mean, summed over dimensions.</summary>
    /// <param name="vectors">[n, d] row-major, n at least 1.</param>
    /// <param name="d">Length of a vector.</param>
    public static double Of(float[] vectors, int d)
    {
        ArgumentNullException.ThrowIfNull(vectors);
        int n = vectors.Length / d;
        var mean = new double[d];
        double squares = 0;
        for (int i = 0; i < vectors.Length; i++)
        {
            mean[i % d] += vectors[i] / (double)n;
            squares += (double)vectors[i] * vectors[i];
        }

        return (squares / n) - mean.Sum(m => m * m);
    }
}
