namespace OneRec.Kernels.Similarity;

/// <summary><see cref="SwingMethod.Stored"/>: a target's pairs are read from its list, and each adds to all it shares.</summary>
internal sealed class SwingStoredSums : ISwingSums
{
    private readonly SwingGraph _graph;
    private readonly SwingParameters _parameters;
    private readonly SwingThreads _threads;
    private readonly SwingLists _lists;
    private readonly SwingRow[] _rows;

    /// <summary>Makes the lists.</summary>
    public SwingStoredSums(
        SwingGraph graph, SwingParameters parameters, SwingThreads threads, CancellationToken cancellation)
    {
        _graph = graph;
        _parameters = parameters;
        _threads = threads;
        _lists = SwingLists.Build(graph, parameters.Alpha2, threads, cancellation);
        _rows = [.. Enumerable.Range(0, threads.Count).Select(_ => new SwingRow(graph))];
    }

    /// <summary>Bytes at most.</summary>
    public static long Bytes(SwingGraph graph, int threads) =>
        SwingLists.Bytes(graph.UserPairs, graph.Users, graph.Items, threads) + (threads * SwingRow.Bytes(graph.Items));

    /// <inheritdoc/>
    public void Compute(int thread, int target, int row, SwingNeighbours rows, CancellationToken cancellation)
    {
        SwingRow sums = _rows[thread];
        sums.Load(target);
        sums.Add(_lists, target, 0, _graph.Items, cancellation);
        sums.Close(target, row, rows, _parameters);
    }

    /// <inheritdoc/>
    public void Share(int target, int row, SwingNeighbours rows, CancellationToken cancellation)
    {
        SwingRow sums = _rows[0];
        sums.Load(target);
        _threads.Run(thread => sums.Add(_lists, target, Bound(thread), Bound(thread + 1), cancellation));
        sums.Close(target, row, rows, _parameters);
    }

    private int Bound(int thread) => (int)((long)_graph.Items * thread / _threads.Count);
}
