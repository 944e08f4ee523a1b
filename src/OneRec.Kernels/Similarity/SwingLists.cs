namespace OneRec.Kernels.Similarity;

/// <summary>
/// The items that each pair of users shares, where they share two or more: one ascending list a pair, pairs in ascending
/// (u, v); and for each item the visits to the lists that have it.
/// </summary>
/// <remarks>
/// Made user by user: for each item i of u, for each later user v of i, i goes to the list of v; so a list is an
/// intersection, sorted, without any merge. Costs one append a pair of users and item, twice.
/// </remarks>
/// <param name="Ranked">The items: lists hold their numbers.</param>
/// <param name="Parts">The lists, by ranges of first users, ascending.</param>
/// <param name="Visits">The way to them.</param>
internal sealed record SwingLists(SwingPopularity Ranked, SwingListPart[] Parts, SwingVisits Visits)
{
    /// <summary>Bytes at most, while they are made.</summary>
    /// <param name="graph">The interactions.</param>
    /// <param name="threads">Threads that make them.</param>
    public static long Bytes(SwingGraph graph, int threads) =>
        SwingPopularity.Bytes(graph.Edges, graph.Users, graph.Items)
        + SwingVisits.Bytes(graph.UserPairs, graph.Items)

        // Two bytes an item, padding before two items or more, and twice that where an array grows.
        + (2 * (1 + (SwingListPart.Padding / 2)) * 2 * graph.UserPairs)
        + (threads * 16L * (graph.Users + graph.Items));

    /// <summary>Makes the lists.</summary>
    /// <param name="graph">The interactions; Σ C(users, 2) within the length of an array.</param>
    /// <param name="alpha2">Above -2.</param>
    /// <param name="threads">Runs work for each of the numbers below its count, at once.</param>
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

    /// <summary>Cuts the users into consecutive ranges of about equal numbers of appends.</summary>
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
