namespace OneRec.Kernels.Similarity;

/// <summary>Spreads targets over threads: large ones first, and those too large for one thread by all of them.</summary>
internal sealed class SwingSchedule(SwingGraph graph, SwingParameters parameters, SwingThreads threads)
{
    /// <summary>Computes a range of targets.</summary>
    /// <param name="from">First target.</param>
    /// <param name="to">After the last target.</param>
    /// <param name="compute">Thread and target: others work beside it.</param>
    /// <param name="share">A target by all threads: nothing works beside it.</param>
    /// <param name="progress">Called with C(users, 2) of each target that is done; from any thread.</param>
    /// <param name="cancellation">Checked between targets.</param>
    public void Run(
        int from,
        int to,
        Action<int, int> compute,
        Action<int> share,
        Action<long>? progress,
        CancellationToken cancellation)
    {
        var order = new int[to - from];
        var size = new long[to - from];
        for (int t = 0; t < order.Length; t++)
        {
            order[t] = from + t;
            size[t] = -Pairs(from + t);
        }

        Array.Sort(size, order);
        int shared = 0;
        long limit = Math.Max(parameters.LeastShared, graph.UserPairs / (4L * threads.Count));
        while (threads.Count > 1 && shared < order.Length && Pairs(order[shared]) > limit)
        {
            cancellation.ThrowIfCancellationRequested();
            int target = order[shared++];
            share(target);
            progress?.Invoke(Pairs(target));
        }

        int next = shared - 1;
        threads.Run(thread =>
        {
            for (int t = Interlocked.Increment(ref next); t < order.Length; t = Interlocked.Increment(ref next))
            {
                cancellation.ThrowIfCancellationRequested();
                compute(thread, order[t]);
                progress?.Invoke(Pairs(order[t]));
            }
        });
    }

    private long Pairs(int item)
    {
        long users = graph.UsersOf(item).Length;
        return users * (users - 1) / 2;
    }
}
