namespace OneRec.Kernels.Similarity;

/// <summary>Spreads targets over threads: large ones first, and those too large for one thread by all of them.</summary>
internal sealed class SwingSchedule(SwingGraph graph, SwingParameters parameters, SwingThreads threads)
{
    /// <summary>Computes targets.</summary>
    /// <param name="order">Items, most users first.</param>
    /// <param name="compute">Thread and place in the order: others work beside it.</param>
    /// <param name="share">A place in the order by all threads: nothing works beside it.</param>
    /// <param name="progress">Called with C(users, 2) of each target that is done; from any thread.</param>
    /// <param name="cancellation">Checked between targets.</param>
    public void Run(
        ReadOnlyMemory<int> order,
        Action<int, int> compute,
        Action<int> share,
        Action<long>? progress,
        CancellationToken cancellation)
    {
        int shared = 0;
        long limit = Math.Max(parameters.LeastShared, graph.UserPairs / (4L * threads.Count));
        while (threads.Count > 1 && shared < order.Length && Pairs(order, shared) > limit)
        {
            cancellation.ThrowIfCancellationRequested();
            int place = shared++;
            share(place);
            progress?.Invoke(Pairs(order, place));
        }

        int next = shared - 1;
        threads.Run(thread =>
        {
            for (int place = Interlocked.Increment(ref next); place < order.Length; place = Interlocked.Increment(ref next))
            {
                cancellation.ThrowIfCancellationRequested();
                compute(thread, place);
                progress?.Invoke(Pairs(order, place));
            }
        });
    }

    private long Pairs(ReadOnlyMemory<int> order, int place)
    {
        long users = graph.UsersOf(order.Span[place]).Length;
        return users * (users - 1) / 2;
    }
}
