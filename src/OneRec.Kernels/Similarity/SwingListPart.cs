namespace OneRec.Kernels.Similarity;

/// <summary>The items shared by pairs of users, for the pairs whose first user is in one range; see <see cref="SwingLists"/>.</summary>
internal sealed unsafe class SwingListPart
{
    /// <summary>
    /// Padding elements before a list that refer to no item: walking back through the list, four steps at a time, ends in
    /// them. Four different ones, so that additions to them do not depend on each other.
    /// </summary>
    public const int Padding = 4;

    private ushort[] _items;

    private SwingListPart(int to, long appends)
    {
        To = to;
        _items = GC.AllocateUninitializedArray<ushort>((int)Math.Min(Array.MaxLength, 64 + appends + (appends / 4)));
    }

    /// <summary>One past the last user.</summary>
    public int To { get; }

    /// <summary>
    /// The lists, one after another, each ascending and preceded by <see cref="Padding"/> numbers that are at least the number
    /// of items. The first list is empty.
    /// </summary>
    public ReadOnlySpan<ushort> Items => _items;

    /// <summary>Builds the lists of a range of users, and the visits to them.</summary>
    /// <param name="graph">The interactions.</param>
    /// <param name="ranked">The items by popularity.</param>
    /// <param name="alpha2">Above -2.</param>
    /// <param name="from">First user.</param>
    /// <param name="to">One past the last user.</param>
    /// <param name="appends">Estimated number of appends.</param>
    /// <param name="visits">Receives the visits; other parts write to other places.</param>
    /// <param name="cancellation">Checked for each user.</param>
    public static SwingListPart Build(
        SwingGraph graph,
        SwingPopularity ranked,
        double alpha2,
        int from,
        int to,
        long appends,
        SwingVisits visits,
        CancellationToken cancellation)
    {
        var part = new SwingListPart(to, appends);
        int at = part.Pad(0, ranked.Count);

        // Per item, the number of its users before the current one; the users after them form pairs with it.
        var after = new int[ranked.Count];
        for (int i = 0; i < after.Length; i++)
        {
            int place = ranked.UsersOf(i).BinarySearch(from);
            after[i] = place < 0 ? ~place : place;
        }

        var places = new int[graph.Users];
        var terms = new double[graph.Users];
        for (int u = from; u < to; u++)
        {
            cancellation.ThrowIfCancellationRequested();
            Count(ranked, u, after, places);
            at = part.Place(graph, u, alpha2, at, places, terms, ranked.Count);
            part.Append(ranked, u, after, places, terms, visits);
            places.AsSpan(u).Clear();
        }

        return part;
    }

    /// <summary>Counts, for each later user, the items it has in common with u.</summary>
    private static void Count(SwingPopularity ranked, int u, int[] after, int[] counts)
    {
        fixed (int* count = counts)
        {
            foreach (int item in ranked.ItemsOf(u))
            {
                foreach (int v in ranked.UsersOf(item)[(after[item] + 1)..])
                {
                    count[v]++;
                }
            }
        }
    }

    /// <summary>
    /// Assigns each pair its place after the existing lists, and its term: counts are replaced by the start of the list. A pair
    /// with one common item needs no list and gets the empty one.
    /// </summary>
    private int Place(SwingGraph graph, int u, double alpha2, int at, int[] counts, double[] terms, int end)
    {
        double weight = graph.Weights[u];
        for (int v = u + 1; v < counts.Length; v++)
        {
            int shared = counts[v];
            if (shared < 2)
            {
                counts[v] = -1;
                continue;
            }

            Reserve((long)at + shared + Padding);
            counts[v] = at;
            terms[v] = weight * graph.Weights[v] / (alpha2 + shared);
            at = Pad(at + shared, end);
        }

        return at;
    }

    /// <summary>Appends each item of u to the lists of its later users, and records the visit that starts there.</summary>
    private void Append(
        SwingPopularity ranked, int u, int[] after, int[] places, double[] terms, SwingVisits visits)
    {
        fixed (ushort* items = _items)
        fixed (int* place = places, starts = visits.Places)
        fixed (double* term = terms, weights = visits.Terms)
        {
            foreach (int item in ranked.ItemsOf(u))
            {
                ReadOnlySpan<int> users = ranked.UsersOf(item);
                int a = after[item]++;
                int visit = visits.First(item, a);
                foreach (int v in users[(a + 1)..])
                {
                    int here = place[v];
                    if (here >= 0)
                    {
                        items[here] = (ushort)item;
                        place[v] = here + 1;
                    }
                    else
                    {
                        here = Padding;
                    }

                    starts[visit] = here;
                    weights[visit] = term[v];
                    visit++;
                }
            }
        }
    }

    private int Pad(int at, int end)
    {
        for (int p = 0; p < Padding; p++)
        {
            _items[at + p] = (ushort)(end + p);
        }

        return at + Padding;
    }

    private void Reserve(long length)
    {
        if (_items.Length < length)
        {
            Array.Resize(ref _items, (int)Math.Min(Math.Max(length, _items.Length * 2L), Array.MaxLength));
        }
    }
}
