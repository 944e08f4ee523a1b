namespace OneRec.Scoring;

/// <summary>The mean of vectors, summed in double in their order: the same bits whatever the batch or thread.</summary>
public static class VectorMean
{
    /// <summary>The mean of n vectors.</summary>
    /// <param name="vectors">[n, d] row-major, n at least 1.</param>
    /// <param name="d">Dimensions, at least 1.</param>
    /// <param name="mean">Out [d].</param>
    /// <exception cref="ArgumentException">A length does not fit.</exception>
    public static void Of(ReadOnlySpan<float> vectors, int d, Span<float> mean)
    {
        if (d < 1 || mean.Length != d || vectors.Length == 0 || vectors.Length % d != 0)
        {
            throw new ArgumentException($"{vectors.Length} floats are no vectors of {d}, mean of {mean.Length}");
        }

        var sum = new VectorSum(d);
        for (int start = 0; start < vectors.Length; start += d)
        {
            sum.Add(vectors.Slice(start, d));
        }

        sum.Mean(mean);
    }

    /// <summary>Scales a vector to a length, its norm computed in double.</summary>
    /// <param name="vector">In and out [d].</param>
    /// <param name="length">The length it shall have.</param>
    /// <returns>False, and nothing changed, where the vector is zero and so has no direction.</returns>
    public static bool ScaleTo(Span<float> vector, double length)
    {
        double square = 0;
        foreach (float x in vector)
        {
            square += (double)x * x;
        }

        if (square == 0)
        {
            return false;
        }

        double factor = length / Math.Sqrt(square);
        for (int t = 0; t < vector.Length; t++)
        {
            vector[t] = (float)(vector[t] * factor);
        }

        return true;
    }
}
