namespace OneRec.Kernels.Similarity;

/// <summary>
/// <see cref="SwingMethod.PerTarget"/>: each pair of a target's users costs the items that the two share besides the
/// target, once to count them and once to add. A pair that shares the target alone is never visited.
/// </summary>
internal sealed class SwingTargetSums(SwingGraph graph, SwingParameters parameters, SwingThreads threads) : ISwingSums
{
    /// <summary>Bytes of terms that threads working on one target hold at once.</summary>
    private const long SharedTermBytes = 32L << 20;

    private readonly SwingScratch[] _scratch =
        [.. Enumerable.Range(0, threads.Count).Select(_ => new SwingScratch(graph, parameters.Alpha2))];

    /// <summary>Bytes at most.</summary>
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

    /// <summary>One target by all threads: the terms of a range of users, then the additions by slots.</summary>
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
