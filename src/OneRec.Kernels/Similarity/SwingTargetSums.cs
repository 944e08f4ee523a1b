namespace OneRec.Kernels.Similarity;

/// <summary>
/// <see cref="SwingMethod.PerTarget"/>: each pair of a target's users costs the items it shares besides the target, once to
/// count them and once to add. A pair that shares only the target is never visited.
/// </summary>
internal sealed class SwingTargetSums(SwingGraph graph, SwingParameters parameters, SwingThreads threads) : ISwingSums
{
    /// <summary>Bytes of terms that the threads of one target hold at once.</summary>
    private const long SharedTermBytes = 32L << 20;

    private readonly SwingScratch[] _scratch =
        [.. Enumerable.Range(0, threads.Count).Select(_ => new SwingScratch(graph, parameters.Alpha2))];

    /// <summary>Maximum bytes of memory.</summary>
    public static long Bytes(SwingGraph graph, int threads)
    {
        long shared = threads > 1 ? Math.Max(SharedTermBytes, 8L * graph.Users) : 0;
        return shared + (threads * SwingTarget.Bytes(graph));
    }

    /// <inheritdoc/>
    public void Neighbours(
        ReadOnlyMemory<int> targets, SwingNeighbours rows, Action<long>? progress, CancellationToken cancellation)
    {
        // Most users first.
        int[] order = targets.ToArray();
        int[] row = [.. Enumerable.Range(0, order.Length)];
        int[] size = [.. order.Select(item => -graph.UsersOf(item).Length)];
        Array.Sort(size, row);
        for (int place = 0; place < order.Length; place++)
        {
            order[place] = targets.Span[row[place]];
        }

        new SwingSchedule(graph, parameters, threads).Run(
            order,
            (thread, place) => Compute(thread, order[place], row[place], rows, cancellation),
            place => Share(order[place], row[place], rows, cancellation),
            progress,
            cancellation);
    }

    private void Compute(int thread, int target, int row, SwingNeighbours rows, CancellationToken cancellation)
    {
        SwingScratch scratch = _scratch[thread];
        SwingTarget sums = scratch.Target;
        sums.Load(target);
        scratch.Fit(sums.Users);
        for (int a = 0; a < sums.Users - 1; a++)
        {
            if ((a & 255) == 255)
            {
                cancellation.ThrowIfCancellationRequested();
            }

            sums.Weigh(a, scratch.Count, scratch.Touched, scratch.Terms);
            sums.Accumulate(a, scratch.Terms);
        }

        sums.Close(row, rows, parameters);
    }

    /// <summary>Computes one target on all threads: first the terms of a range of users, then the additions by slot.</summary>
    private void Share(int target, int row, SwingNeighbours rows, CancellationToken cancellation)
    {
        SwingTarget sums = _scratch[0].Target;
        sums.Load(target);
        int users = sums.Users;
        int range = (int)Math.Clamp(SharedTermBytes / (8L * users), 1, users);
        var terms = new double[(long)range * users];
        for (int begin = 0; begin < users - 1; begin += range)
        {
            cancellation.ThrowIfCancellationRequested();
            int end = Math.Min(begin + range, users - 1);
            int next = begin - 1;
            threads.Run(thread =>
            {
                SwingScratch scratch = _scratch[thread];
                scratch.Fit(users);
                for (int a = Interlocked.Increment(ref next); a < end; a = Interlocked.Increment(ref next))
                {
                    sums.Weigh(a, scratch.Count, scratch.Touched, terms.AsSpan((a - begin) * users, users));
                }
            });
            threads.Run(thread =>
            {
                for (int a = begin; a < end; a++)
                {
                    sums.Accumulate(a, terms.AsSpan((a - begin) * users, users), thread, threads.Count);
                }
            });
        }

        sums.Close(row, rows, parameters);
    }
}

/// <summary>The scratch memory of one thread of <see cref="SwingMethod.PerTarget"/>.</summary>
internal sealed class SwingScratch(SwingGraph graph, double alpha2)
{
    /// <summary>The neighbourhood of the current target.</summary>
    public SwingTarget Target { get; } = new(graph, alpha2);

    /// <summary>[users of the target or more], all 0 between calls.</summary>
    public int[] Count { get; private set; } = [];

    /// <summary>[users of the target + 1 or more].</summary>
    public int[] Touched { get; private set; } = [];

    /// <summary>[users of the target or more].</summary>
    public double[] Terms { get; private set; } = [];

    /// <summary>Grows the arrays for a target with that many users.</summary>
    public void Fit(int users)
    {
        if (Count.Length < users)
        {
            int length = (int)Math.Min(2L * users, Math.Max(users, graph.Users));
            Count = new int[length];
            Touched = new int[length + 1];
            Terms = new double[length];
        }
    }
}
