namespace OneRec.Kernels.Similarity;

/// <summary>
/// Swing similarity of items (Yang et al., "Large Scale Product Graph Construction for Recommendation in E-commerce",
/// arXiv 2010.05525): score(i, j) is the sum over pairs of users u &lt; v who both have i and j of
/// (w_u * w_v) / (alpha2 + |I_u ∩ I_v|).
/// </summary>
/// <remarks>
/// <para>
/// A score is one double, to which its terms are added in ascending (u, v), without subtotals and without fused operations.
/// A target's row is summed in that order on any thread, so the bits do not depend on the number of threads, on the
/// <see cref="SwingMethod"/>, on which other targets are computed, or on blocks.
/// </para>
/// <para>
/// No item-by-item matrix is held: once a target is summed, its best items are kept and its accumulators are reused.
/// </para>
/// </remarks>
public sealed class SwingKernel
{
    /// <summary>Mean overlap above which storing the lists is faster (measured: 2 times at 8, 10 times at 65).</summary>
    private const double StoredFromOverlap = 6;

    private readonly SwingGraph _graph;
    private readonly ISwingSums _sums;
    private readonly int _perTarget;

    /// <summary>Creates a kernel for a graph.</summary>
    /// <param name="graph">The interactions.</param>
    /// <param name="parameters">Valid parameters.</param>
    /// <param name="threads">Threads to use, at least 1; rows do not depend on it.</param>
    /// <param name="method">How the sums are computed; rows do not depend on it.</param>
    /// <param name="memory">Bytes it may use besides the graph and the rows.</param>
    /// <param name="share">The fraction of <see cref="SwingGraph.UserPairs"/> that belongs to the targets to be computed.</param>
    /// <exception cref="ArgumentException">A parameter is out of range.</exception>
    public SwingKernel(
        SwingGraph graph,
        SwingParameters parameters,
        int threads,
        SwingMethod method = SwingMethod.Automatic,
        long memory = long.MaxValue,
        double share = 1)
    {
        ArgumentNullException.ThrowIfNull(graph);
        ArgumentNullException.ThrowIfNull(parameters);
        ArgumentOutOfRangeException.ThrowIfLessThan(threads, 1);
        parameters.ThrowIfInvalid();
        _graph = graph;
        _perTarget = Math.Min(parameters.TopK, graph.Items - 1);
        if (method == SwingMethod.Automatic)
        {
            bool fits = SwingStoredSums.IsPossible(graph, parameters)
                && SwingStoredSums.Bytes(graph, parameters, threads) <= memory;

            // The stored lists cover all targets, whichever are requested.
            method = fits && SwingOverlap.Mean(graph) * share >= StoredFromOverlap ? SwingMethod.Stored : SwingMethod.PerTarget;
        }

        // A thread's scratch is as large as the largest neighbourhood. If memory is short, use fewer threads.
        while (method == SwingMethod.PerTarget && threads > 1 && SwingTargetSums.Bytes(graph, threads) > memory)
        {
            threads--;
        }

        Method = method;
        _sums = method == SwingMethod.Stored
            ? new SwingStoredSums(graph, parameters, new SwingThreads(threads))
            : new SwingTargetSums(graph, parameters, new SwingThreads(threads));
    }

    /// <summary>The method in use.</summary>
    public SwingMethod Method { get; }

    /// <summary>Minimum bytes for one thread, besides the graph and the rows.</summary>
    public static long LeastBytes(SwingGraph graph) => SwingTargetSums.Bytes(graph, 1);

    /// <summary>Computes the similar items of some targets.</summary>
    /// <param name="targets">Distinct items, at most <see cref="SwingNeighbours.Capacity"/>.</param>
    /// <param name="rows">Out: row t belongs to target t.</param>
    /// <param name="progress">Called with C(users, 2) of each finished target, from any thread.</param>
    /// <param name="cancellation">Checked within targets.</param>
    /// <exception cref="ArgumentException">Targets and rows do not match.</exception>
    public void Neighbours(
        ReadOnlyMemory<int> targets,
        SwingNeighbours rows,
        Action<long>? progress = null,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(rows);
        foreach (int target in targets.Span)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(target, nameof(targets));
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(target, _graph.Items, nameof(targets));
        }

        if (targets.Length > rows.Capacity || rows.PerTarget < _perTarget)
        {
            throw new ArgumentException(
                $"{targets.Length} targets of {_perTarget} similar items do not fit in {rows.Capacity} rows of {rows.PerTarget}");
        }

        _sums.Neighbours(targets, rows, progress, cancellation);
    }
}

/// <summary>How the sums are computed. Both methods give the same bits; they differ in time and memory.</summary>
public enum SwingMethod
{
    /// <summary>Chosen by the log and the available memory.</summary>
    Automatic,

    /// <summary>
    /// The overlap of each pair of users is computed once and stored. Best if pairs share many items. Memory grows with the
    /// sum over items of C(users, 2).
    /// </summary>
    Stored,

    /// <summary>
    /// Each target recomputes the overlap of its users. Best if most pairs share only one item; needs memory in the order of
    /// the interactions.
    /// </summary>
    PerTarget,
}

/// <summary>Sums the scores of targets in the order that <see cref="SwingKernel"/> guarantees, and keeps the best.</summary>
internal interface ISwingSums
{
    /// <summary>Computes the similar items of some targets.</summary>
    /// <param name="targets">Distinct items.</param>
    /// <param name="rows">Out: row t belongs to target t.</param>
    /// <param name="progress">Called with C(users, 2) of each finished target, from any thread.</param>
    /// <param name="cancellation">Checked within targets.</param>
    void Neighbours(
        ReadOnlyMemory<int> targets, SwingNeighbours rows, Action<long>? progress, CancellationToken cancellation);
}
