namespace OneRec.Kernels.Similarity;

/// <summary>
/// The items that each pair of users has in common, for pairs with two or more: one ascending list per pair, pairs in
/// ascending (u, v); and for each item the visits to the lists that contain it.
/// </summary>
/// <remarks>
/// Built user by user: for each item i of u and each later user v of i, i is appended to the list of v. So a list is a
/// sorted intersection, without a merge. Costs one append per pair of users and item, twice.
/// </remarks>
/// <param name="Ranked">The items; the lists contain their numbers.</param>
/// <param name="Parts">The lists, by ascending ranges of first users.</param>
/// <param name="Visits">The visits to the lists.</param>
internal sealed record SwingLists(SwingPopularity Ranked, SwingListPart[] Parts, SwingVisits Visits)
{
    /// <summary>Maximum bytes while the lists are built.</summary>
    /// <param name="graph">The interactions.</param>
    /// <param name="threads">Number of threads that build them.</param>
    public static long Bytes(SwingGraph graph, int threads) =>
        SwingPopularity.Bytes(graph.Edges, graph.Users, graph.Items)
        + SwingVisits.Bytes(graph.UserPairs, graph.Items)

        // Two bytes per item, padding per list of two or more items, and twice that when an array grows.
        + (2 * (1 + (SwingListPart.Padding / 2)) * 2 * graph.UserPairs)
        + (threads * 16L * (graph.Users + graph.Items));

    /// <summary>Builds the lists.</summary>
    /// <param name="graph">The interactions; Σ C(users, 2) must not exceed the maximum array length.</param>
    /// <param name="alpha2">Above -2.</param>
    /// <param name="threads">Threads to use.</param>
    /// <param name="cancellation">Checked for each user.</param>
    public static SwingLists Build(SwingGraph graph, double alpha2, SwingThreads threads, CancellationToken cancellation)
    {
        var ranked = new SwingPopularity(graph);
        var visits = new SwingVisits(ranked);
        int[] bounds = Ranges(graph, threads.Count);
        var parts = new SwingListPart[threads.Count];
        threads.Run(t => parts[t] = SwingListPart.Build(
            graph, ranked, alpha2, bounds[t], bounds[t + 1], graph.UserPairs / threads.Count, visits, cancellation));
        return new SwingLists(ranked, parts, visits);
    }

    /// <summary>Splits the users into consecutive ranges with about the same number of appends.</summary>
    private static int[] Ranges(SwingGraph graph, int count)
    {
        var bounds = new int[count + 1];
        Array.Fill(bounds, graph.Users);
        bounds[0] = 0;
        var met = new int[graph.Items];
        long done = 0;
        int range = 1;
        for (int u = 0; u < graph.Users; u++)
        {
            foreach (int item in graph.ItemsOf(u))
            {
                met[item]++;
                done += graph.UsersOf(item).Length - met[item];
            }

            while (range < count && done >= graph.UserPairs * range / count)
            {
                bounds[range++] = u + 1;
            }
        }

        return bounds;
    }
}

/// <summary>
/// For each item and each pair of its users, in ascending (u, v): the pair's term, and the position in the pair's list after
/// this item. One visit per append.
/// </summary>
internal sealed class SwingVisits
{
    private readonly int[] _start;
    private readonly int[] _users;

    /// <summary>Allocates the visits of all items.</summary>
    /// <param name="ranked">Items by popularity; Σ C(users, 2) must not exceed the maximum array length.</param>
    public SwingVisits(SwingPopularity ranked)
    {
        _start = new int[ranked.Count + 1];
        _users = new int[ranked.Count];
        for (int i = 0; i < ranked.Count; i++)
        {
            long users = ranked.UsersOf(i).Length;
            _users[i] = (int)users;
            _start[i + 1] = checked((int)(_start[i] + (users * (users - 1) / 2)));
        }

        Places = GC.AllocateUninitializedArray<int>(_start[^1]);
        Terms = GC.AllocateUninitializedArray<double>(_start[^1]);
    }

    /// <summary>The start of the rest of the list, in the part of the pair's first user.</summary>
    public int[] Places { get; }

    /// <summary>(w_u * w_v) / (alpha2 + shared items); 0 if the pair has only this item in common.</summary>
    public double[] Terms { get; }

    /// <summary>Bytes of the given number of visits.</summary>
    public static long Bytes(long visits, long items) => (12 * visits) + (8 * items);

    /// <summary>The first visit of an item for its user number <paramref name="a"/> as the first user.</summary>
    public int First(int item, int a) => _start[item] + (int)((long)a * ((2L * _users[item]) - a - 1) / 2);
}
