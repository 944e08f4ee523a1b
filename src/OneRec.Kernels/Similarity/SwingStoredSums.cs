namespace OneRec.Kernels.Similarity;

/// <summary>
/// <see cref="SwingMethod.Stored"/>: reads a target's pairs from its visits; each pair adds its term to the more popular
/// items it has in common. Every pair of items is summed once.
/// </summary>
internal sealed class SwingStoredSums : ISwingSums
{
    private readonly SwingGraph _graph;
    private readonly SwingParameters _parameters;
    private readonly SwingThreads _threads;
    private SwingPopularity? _ranked;
    private SwingCommon? _common;
    private SwingMirror? _mirror;

    /// <summary>Nothing is computed before the first call of <see cref="Neighbours"/>.</summary>
    public SwingStoredSums(SwingGraph graph, SwingParameters parameters, SwingThreads threads)
    {
        _graph = graph;
        _parameters = parameters;
        _threads = threads;
    }

    /// <summary>Maximum bytes of memory.</summary>
    public static long Bytes(SwingGraph graph, SwingParameters parameters, int threads) =>
        SwingLists.Bytes(graph, threads)
        + SwingCommon.Bytes(graph.Edges, graph.Users, threads)
        + (threads * SwingRow.Bytes(graph.Items, PerItem(graph, parameters)))
        + SwingMirror.Bytes(graph.Items, PerItem(graph, parameters));

    /// <summary>
    /// Whether item numbers fit in 16 bits, arrays do not exceed the maximum length, and every term is above 0, which is how a
    /// score is recognized.
    /// </summary>
    public static bool IsPossible(SwingGraph graph, SwingParameters parameters) =>
        graph.ScoringItems + SwingListPart.Padding <= ushort.MaxValue
        && graph.UserPairs < Array.MaxLength / 4
        && graph.Items * (long)SwingBest.Room(PerItem(graph, parameters)) < Array.MaxLength
        && graph.LeastWeight * graph.LeastWeight / (parameters.Alpha2 + graph.Items) > 0;

    /// <inheritdoc/>
    public void Neighbours(
        ReadOnlyMemory<int> targets, SwingNeighbours rows, Action<long>? progress, CancellationToken cancellation)
    {
        SwingMirror mirror = _mirror ??= Sum(progress, cancellation);
        int next = -1;
        _threads.Run(_ =>
        {
            var keys = new ulong[SwingBest.Room(mirror.Keep)];
            var common = new SwingCommonOf(_common!);
            for (int t = Interlocked.Increment(ref next); t < targets.Length; t = Interlocked.Increment(ref next))
            {
                int number = _ranked!.NumberOf(targets.Span[t]);
                Span<SwingNeighbour> room = rows.Room(t);
                int count = number < 0 ? 0 : mirror.Sort(number, keys, room);
                foreach (ref SwingNeighbour neighbour in room[..count])
                {
                    // In an offer, Common holds the number of the other item; replace it by the count.
                    neighbour = neighbour with { Common = common.Count(number, neighbour.Common) };
                }

                rows.Close(t, count, _parameters);
            }
        });
    }

    private static int PerItem(SwingGraph graph, SwingParameters parameters) =>
        Math.Max(1, Math.Min(parameters.TopK, graph.Items - 1));

    private SwingMirror Sum(Action<long>? progress, CancellationToken cancellation)
    {
        var lists = SwingLists.Build(_graph, _parameters.Alpha2, _threads, cancellation);
        SwingPopularity ranked = _ranked = lists.Ranked;
        SwingCommon common = _common = new SwingCommon(ranked, _graph.Users);
        var mirror = new SwingMirror(ranked.Count, PerItem(_graph, _parameters));
        SwingRow[] sums =
            [.. Enumerable.Range(0, _threads.Count).Select(_ => new SwingRow(lists, mirror, common, _parameters))];
        new SwingSchedule(_graph, _parameters, _threads).Run(
            ranked.Items,
            (thread, target) =>
            {
                sums[thread].Add(target, 0, target, cancellation);
                sums[thread].Take(target);
            },
            target =>
            {
                _threads.Run(thread => sums[0].Add(target, Bound(target, thread), Bound(target, thread + 1), cancellation));
                sums[0].Take(target);
            },
            progress,
            cancellation);
        foreach (SwingRow row in sums)
        {
            row.Flush();
        }

        return mirror;
    }

    /// <summary>The lower bound of a thread's range of the items before a target.</summary>
    private int Bound(int target, int thread) => (int)((long)target * thread / _threads.Count);
}
