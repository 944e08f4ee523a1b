namespace OneRec.Kernels.Similarity;

/// <summary>
/// Swing similarity of items (Yang et al., "Large Scale Product Graph Construction for Recommendation in E-commerce",
/// arXiv 2010.05525): score(i, j) is the sum over pairs of users u &lt; v who both have i and j of
/// (w_u * w_v) / (alpha2 + |I_u ∩ I_v|).
/// </summary>
/// <remarks>
/// <para>
/// A score is one double to which its terms are added in ascending (u, v), without subtotals and without fused
/// operations. A target's row is summed in that order whichever thread does it, so the bits do not depend on the number
/// of threads, on the <see cref="SwingMethod"/>, on which other targets are computed, or on blocks.
/// </para>
/// <para>
/// No matrix of items by items is held: a target is summed, its best are kept, and its accumulators serve the next.
/// </para>
/// </remarks>
public sealed class SwingKernel
{
    /// <summary>Mean overlap from which storing what pairs share is faster (measured: 2 times at 8, 10 times at 65).</summary>
    private const double StoredFromOverlap = 6;

    private readonly SwingGraph _graph;
    private readonly ISwingSums _sums;
    private readonly int _perTarget;

    /// <summary>A kernel over a graph.</summary>
    /// <param name="graph">The interactions.</param>
    /// <param name="parameters">Valid parameters.</param>
    /// <param name="threads">Threads to keep busy, at least 1; rows do not depend on it.</param>
    /// <param name="method">How the sums are reached; rows do not depend on it.</param>
    /// <param name="memory">Bytes that it may hold besides the graph and the rows.</param>
    /// <param name="share">The part of <see cref="SwingGraph.UserPairs"/> that the targets to be asked for have.</param>
    /// <exception cref="ArgumentException">A parameter out of its range.</exception>
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

            // Lists are stored for all targets, whichever are asked for.
            method = fits && SwingOverlap.Mean(graph) * share >= StoredFromOverlap ? SwingMethod.Stored : SwingMethod.PerTarget;
        }

        // A thread's scratch is as large as the largest neighbourhood: where memory is short, fewer threads.
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

    /// <summary>Bytes that one thread needs at least, besides the graph and the rows.</summary>
    public static long LeastBytes(SwingGraph graph) => SwingTargetSums.Bytes(graph, 1);

    /// <summary>The similar items of some targets.</summary>
    /// <param name="targets">Items, each once; at most <see cref="SwingNeighbours.Capacity"/> of them.</param>
    /// <param name="rows">Out: row t is that of target t.</param>
    /// <param name="progress">Called with C(users, 2) of each target that is done; from any thread.</param>
    /// <param name="cancellation">Checked within targets.</param>
    /// <exception cref="ArgumentException">Targets or rows that do not fit.</exception>
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
                $"{targets.Length} targets of {_perTarget} similar items do not fit {rows.Capacity} rows of {rows.PerTarget}");
        }

        _sums.Neighbours(targets, rows, progress, cancellation);
    }
}
