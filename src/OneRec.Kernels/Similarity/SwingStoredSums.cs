namespace OneRec.Kernels.Similarity;

/// <summary>
/// <see cref="SwingMethod.Stored"/>: a target's pairs are read from its list, and each adds its term to the later items
/// that it shares; every pair of items is summed once.
/// </summary>
internal sealed class SwingStoredSums : ISwingSums
{
    private readonly SwingGraph _graph;
    private readonly SwingParameters _parameters;
    private readonly SwingThreads _threads;
    private SwingMirror? _mirror;

    /// <summary>Nothing is made before the first rows are asked for.</summary>
    public SwingStoredSums(SwingGraph graph, SwingParameters parameters, SwingThreads threads)
    {
        _graph = graph;
        _parameters = parameters;
        _threads = threads;
    }

    /// <summary>Bytes at most.</summary>
    public static long Bytes(SwingGraph graph, SwingParameters parameters, int threads) =>
        SwingLists.Bytes(graph.UserPairs, graph.Users, graph.Items, threads)
        + (threads * SwingRow.Bytes(graph.Items))
        + SwingMirror.Bytes(graph.Items, PerItem(graph, parameters));

    /// <summary>Whether the lists and rows are within the lengths of arrays.</summary>
    public static bool IsPossible(SwingGraph graph, SwingParameters parameters) =>
        graph.UserPairs < Array.MaxLength
        && (long)graph.Items * PerItem(graph, parameters) < Array.MaxLength;

    /// <inheritdoc/>
    public void Neighbours(
        int from, int to, SwingNeighbours rows, Action<long>? progress, CancellationToken cancellation)
    {
        SwingMirror mirror = _mirror ??= Sum(progress, cancellation);
        int next = from - 1;
        _threads.Run(_ =>
        {
            for (int item = Interlocked.Increment(ref next); item < to; item = Interlocked.Increment(ref next))
            {
                mirror.CopyTo(item, item - from, rows, _parameters);
            }
        });
    }

    private static int PerItem(SwingGraph graph, SwingParameters parameters) =>
        Math.Max(1, Math.Min(parameters.TopK, graph.Items - 1));

    private SwingMirror Sum(Action<long>? progress, CancellationToken cancellation)
    {
        var lists = SwingLists.Build(_graph, _parameters.Alpha2, _threads, cancellation);
        var mirror = new SwingMirror(_graph.Items, PerItem(_graph, _parameters));
        SwingRow[] sums = [.. Enumerable.Range(0, _threads.Count).Select(_ => new SwingRow(_graph))];
        int least = _parameters.MinCommonUsers;
        new SwingSchedule(_graph, _parameters, _threads).Run(
            0,
            _graph.Items,
            (thread, target) =>
            {
                sums[thread].Load(target);
                sums[thread].Add(lists, target, target + 1, _graph.Items, cancellation);
                mirror.Offer(target, sums[thread].Take(least));
            },
            target =>
            {
                sums[0].Load(target);
                _threads.Run(thread => sums[0].Add(
                    lists, target, Bound(target, thread), Bound(target, thread + 1), cancellation));
                mirror.Offer(target, sums[0].Take(least));
            },
            progress,
            cancellation);
        return mirror;
    }

    /// <summary>Cuts the items after a target into a range a thread.</summary>
    private int Bound(int target, int thread) =>
        target + 1 + (int)((long)(_graph.Items - target - 1) * thread / _threads.Count);
}
