namespace OneRec.Kernels.Similarity;

/// <summary>
/// The items that each pair of users shares, where they share two or more: one ascending list a pair, pairs in ascending
/// (u, v), and for each item the pairs that share it.
/// </summary>
/// <remarks>
/// Made user by user: for each item i of u, for each later user v of i, i goes to the list of v; so a list is an
/// intersection, sorted, without any merge. Costs one append a pair of users and item, and holds at most that many.
/// </remarks>
internal sealed class SwingLists
{
    private readonly int[] _items;
    private readonly int[] _start;
    private readonly double[] _terms;
    private readonly int[] _pairs;
    private readonly int[] _places;
    private readonly int[] _pairStart;

    private SwingLists(int[] items, int[] start, double[] terms, int[] pairs, int[] places, int[] pairStart)
    {
        _items = items;
        _start = start;
        _terms = terms;
        _pairs = pairs;
        _places = places;
        _pairStart = pairStart;
    }

    /// <summary>Shared items by pair.</summary>
    public ReadOnlySpan<int> Items => _items;

    /// <summary>[pairs + 1], where each pair's shared items start.</summary>
    public ReadOnlySpan<int> Start => _start;

    /// <summary>[pairs], (w_u * w_v) / (alpha2 + shared items).</summary>
    public ReadOnlySpan<double> Terms => _terms;

    /// <summary>Bytes at most, while they are made.</summary>
    /// <param name="userPairs">Sum over items of C(users, 2).</param>
    /// <param name="users">Number of users.</param>
    /// <param name="items">Number of items.</param>
    /// <param name="threads">Threads that make them.</param>
    public static long Bytes(long userPairs, long users, long items, int threads) =>
        (38 * userPairs) + (threads * 16L * (users + items));

    /// <summary>The pairs that share an item, ascending.</summary>
    public ReadOnlySpan<int> PairsOf(int item) => _pairs.AsSpan(_pairStart[item], _pairStart[item + 1] - _pairStart[item]);

    /// <summary>Where the item stands in <see cref="Items"/>, for each of <see cref="PairsOf"/>.</summary>
    public ReadOnlySpan<int> PlacesOf(int item) =>
        _places.AsSpan(_pairStart[item], _pairStart[item + 1] - _pairStart[item]);

    /// <summary>Makes the lists.</summary>
    /// <param name="graph">The interactions; Σ C(users, 2) below 2^31.</param>
    /// <param name="alpha2">Above -2.</param>
    /// <param name="threads">Runs work for each of the numbers below its count, at once.</param>
    /// <param name="cancellation">Checked for each user.</param>
    public static SwingLists Build(SwingGraph graph, double alpha2, SwingThreads threads, CancellationToken cancellation)
    {
        int[] bounds = Ranges(graph, threads.Count);
        var parts = new SwingListPart[threads.Count];
        threads.Run(t => parts[t] = SwingListPart.Build(graph, alpha2, bounds[t], bounds[t + 1], cancellation));

        // Part t's pairs come after those of parts before it, in the whole and within every item.
        var pairBase = new int[parts.Length + 1];
        var itemBase = new int[parts.Length + 1];
        for (int t = 0; t < parts.Length; t++)
        {
            pairBase[t + 1] = checked(pairBase[t] + parts[t].Pairs);
            itemBase[t + 1] = checked(itemBase[t] + parts[t].Length);
        }

        var pairStart = new int[graph.Items + 1];
        int at = 0;
        for (int i = 0; i < graph.Items; i++)
        {
            pairStart[i] = at;
            foreach (SwingListPart part in parts)
            {
                int here = part.PerItem[i];
                part.PerItem[i] = at;
                at += here;
            }
        }

        pairStart[graph.Items] = at;
        var items = new int[itemBase[^1]];
        var start = new int[pairBase[^1] + 1];
        var terms = new double[pairBase[^1]];
        var pairs = new int[at];
        var places = new int[at];
        start[^1] = items.Length;
        threads.Run(t => parts[t].CopyTo(items, start, terms, pairs, places, itemBase[t], pairBase[t]));
        return new SwingLists(items, start, terms, pairs, places, pairStart);
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
