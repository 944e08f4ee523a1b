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
/// A target too large for one thread is done by all of them.
/// </para>
/// </remarks>
public sealed class SwingKernel
{
    /// <summary>Mean overlap from which storing what pairs share is faster (measured: 2 times at 8, 10 times at 65).</summary>
    private const double StoredFromOverlap = 6;

    private readonly SwingGraph _graph;
    private readonly SwingParameters _parameters;
    private readonly SwingThreads _threads;
    private readonly ISwingSums _sums;

    /// <summary>A kernel over a graph.</summary>
    /// <param name="graph">The interactions.</param>
    /// <param name="parameters">Valid parameters.</param>
    /// <param name="threads">Threads to keep busy, at least 1; rows do not depend on it.</param>
    /// <param name="method">How the sums are reached; rows do not depend on it.</param>
    /// <param name="memory">Bytes that it may hold besides the graph and the rows.</param>
    /// <param name="cancellation">Checked while stored lists are made.</param>
    /// <exception cref="ArgumentException">A parameter out of its range.</exception>
    public SwingKernel(
        SwingGraph graph,
        SwingParameters parameters,
        int threads,
        SwingMethod method = SwingMethod.Automatic,
        long memory = long.MaxValue,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(graph);
        ArgumentNullException.ThrowIfNull(parameters);
        ArgumentOutOfRangeException.ThrowIfLessThan(threads, 1);
        parameters.ThrowIfInvalid();
        _graph = graph;
        _parameters = parameters;
        if (method == SwingMethod.Automatic)
        {
            bool fits = graph.UserPairs < int.MaxValue && SwingStoredSums.Bytes(graph, threads) <= memory;
            method = fits && SwingOverlap.Mean(graph) >= StoredFromOverlap ? SwingMethod.Stored : SwingMethod.PerTarget;
        }

        // A thread's scratch is as large as the largest neighbourhood: where memory is short, fewer threads.
        while (method == SwingMethod.PerTarget && threads > 1 && SwingTargetSums.Bytes(graph, threads) > memory)
        {
            threads--;
        }

        Method = method;
        _threads = new SwingThreads(threads);
        _sums = method == SwingMethod.Stored
            ? new SwingStoredSums(graph, parameters, _threads, cancellation)
            : new SwingTargetSums(graph, parameters, _threads);
    }

    /// <summary>The method in use.</summary>
    public SwingMethod Method { get; }

    /// <summary>Bytes that one thread needs at least, besides the graph and the rows.</summary>
    public static long LeastBytes(SwingGraph graph) => SwingTargetSums.Bytes(graph, 1);

    /// <summary>The similar items of a range of targets.</summary>
    /// <param name="from">First target.</param>
    /// <param name="to">After the last target; at most <see cref="SwingNeighbours.Capacity"/> of them.</param>
    /// <param name="rows">Out: row t is that of target <paramref name="from"/> + t.</param>
    /// <param name="progress">Called with C(users, 2) of each target that is done; from any thread.</param>
    /// <param name="cancellation">Checked within targets.</param>
    /// <exception cref="ArgumentException">A range that does not fit.</exception>
    public void Neighbours(
        int from,
        int to,
        SwingNeighbours rows,
        Action<long>? progress = null,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(rows);
        if (from < 0 || to < from || to > _graph.Items || to - from > rows.Capacity)
        {
            throw new ArgumentException($"targets {from} to {to} do not fit {_graph.Items} items or {rows.Capacity} rows");
        }

        var order = new int[to - from];
        var size = new long[to - from];
        for (int t = 0; t < order.Length; t++)
        {
            order[t] = from + t;
            size[t] = -Pairs(from + t);
        }

        // Large ones first, so that no thread is left with one at the end.
        Array.Sort(size, order);
        int shared = 0;
        long limit = Math.Max(_parameters.LeastShared, _graph.UserPairs / (4L * _threads.Count));
        while (_threads.Count > 1 && shared < order.Length && Pairs(order[shared]) > limit)
        {
            int target = order[shared++];
            _sums.Share(target, target - from, rows, cancellation);
            progress?.Invoke(Pairs(target));
        }

        int next = shared - 1;
        _threads.Run(thread =>
        {
            for (int t = Interlocked.Increment(ref next); t < order.Length; t = Interlocked.Increment(ref next))
            {
                cancellation.ThrowIfCancellationRequested();
                _sums.Compute(thread, order[t], order[t] - from, rows, cancellation);
                progress?.Invoke(Pairs(order[t]));
            }
        });
    }

    private long Pairs(int item)
    {
        long users = _graph.UsersOf(item).Length;
        return users * (users - 1) / 2;
    }
}
