using System.Runtime.ExceptionServices;

namespace OneRec.Kernels.Similarity;

/// <summary>Distributes targets over threads: large ones first; all threads share those that are too large for one.</summary>
internal sealed class SwingSchedule(SwingGraph graph, SwingParameters parameters, SwingThreads threads)
{
    /// <summary>Computes all targets.</summary>
    /// <param name="order">Items, most users first.</param>
    /// <param name="compute">Called with a thread and a position in the order, concurrently with others.</param>
    /// <param name="share">Called with a position whose target all threads compute together; nothing runs concurrently.</param>
    /// <param name="progress">Called with C(users, 2) of each finished target, from any thread.</param>
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

/// <summary>Runs the same work once per thread number, concurrently.</summary>
/// <param name="count">Threads, at least 1.</param>
internal sealed class SwingThreads(int count)
{
    /// <summary>Number of threads.</summary>
    public int Count { get; } = count;

    /// <summary>Calls the work with 0 to <see cref="Count"/> - 1; rethrows the first exception.</summary>
    public void Run(Action<int> work)
    {
        if (Count == 1)
        {
            work(0);
            return;
        }

        try
        {
            Parallel.For(0, Count, new ParallelOptions { MaxDegreeOfParallelism = Count }, work);
        }
        catch (AggregateException e)
        {
            ExceptionDispatchInfo.Throw(e.InnerExceptions[0]);
        }
    }
}
