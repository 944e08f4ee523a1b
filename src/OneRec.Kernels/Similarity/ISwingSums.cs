namespace OneRec.Kernels.Similarity;

/// <summary>Sums the scores of targets in the one order that <see cref="SwingKernel"/> promises.</summary>
internal interface ISwingSums
{
    /// <summary>One target by one thread; others work beside it.</summary>
    /// <param name="thread">The thread's number.</param>
    /// <param name="target">The target.</param>
    /// <param name="row">Where its best go.</param>
    /// <param name="rows">Out.</param>
    /// <param name="cancellation">Checked within the target.</param>
    void Compute(int thread, int target, int row, SwingNeighbours rows, CancellationToken cancellation);

    /// <summary>One target by all threads; nothing works beside it.</summary>
    /// <param name="target">The target.</param>
    /// <param name="row">Where its best go.</param>
    /// <param name="rows">Out.</param>
    /// <param name="cancellation">Checked within the target.</param>
    void Share(int target, int row, SwingNeighbours rows, CancellationToken cancellation);
}
