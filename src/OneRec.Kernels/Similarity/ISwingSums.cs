namespace OneRec.Kernels.Similarity;

/// <summary>Sums the scores of targets in the one order that <see cref="SwingKernel"/> promises, and keeps the best.</summary>
internal interface ISwingSums
{
    /// <summary>The similar items of some targets.</summary>
    /// <param name="targets">Items, each once.</param>
    /// <param name="rows">Out: row t is that of target t.</param>
    /// <param name="progress">Called with C(users, 2) of each target that is done; from any thread.</param>
    /// <param name="cancellation">Checked within targets.</param>
    void Neighbours(
        ReadOnlyMemory<int> targets, SwingNeighbours rows, Action<long>? progress, CancellationToken cancellation);
}
