namespace OneRec.Kernels.Similarity;

/// <summary>Sums the scores of targets in the one order that <see cref="SwingKernel"/> promises, and keeps the best.</summary>
internal interface ISwingSums
{
    /// <summary>The similar items of a range of targets.</summary>
    /// <param name="from">First target.</param>
    /// <param name="to">After the last target.</param>
    /// <param name="rows">Out: row t is that of target <paramref name="from"/> + t.</param>
    /// <param name="progress">Called with C(users, 2) of each target that is done; from any thread.</param>
    /// <param name="cancellation">Checked within targets.</param>
    void Neighbours(int from, int to, SwingNeighbours rows, Action<long>? progress, CancellationToken cancellation);
}
