namespace OneRec.Scoring.Vectors;

/// <summary>Receives the vectors of a row.</summary>
internal interface IVectorSink
{
    /// <summary>Takes vectors.</summary>
    /// <typeparam name="T">Float or <see cref="Half"/>.</typeparam>
    /// <param name="vectors">[n, <paramref name="dimensions"/>] row-major.</param>
    /// <param name="dimensions">Length of a vector.</param>
    /// <returns>Whether all values are finite.</returns>
    bool Take<T>(ReadOnlySpan<T> vectors, int dimensions)
        where T : unmanaged;
}
