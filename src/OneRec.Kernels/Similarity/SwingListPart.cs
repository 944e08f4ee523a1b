namespace OneRec.Kernels.Similarity;

/// <summary>The items that pairs of users share, for the pairs whose first user is in one range; see <see cref="SwingLists"/>.</summary>
internal sealed unsafe class SwingListPart
{
    /// <summary>
    /// Places before a list that name no item: a walk back through it, four steps at a time, ends in them. Four
    /// different ones, so that sums that go there do not wait for each other.
    /// </summary>
    public const int Padding = 4;

    private ushort[] _items;

    private SwingListPart(int to, long appends)
    {
        To = to;
        _items = GC.AllocateUninitializedArray<ushort>((int)Math.Min(Array.MaxLength, 64 + appends + (appends / 4)));
    }

    /// <summary>After the last user.</summary>
    public int To { get; }

    /// <summary>
    /// The lists, one after the other, each ascending and after <see cref="Padding"/> numbers from the number of items
    /// on. The first is empty.
    /// </summary>
    public ReadOnlySpan<ushort> Items => _items;

    /// <summary>Makes the lists of the users from one to another, and the visits to them.</summary>
    /// <param name="graph">The interactions.</param>
    /// <param name="ranked">Its items by popularity.</param>
    /// <param name="alpha2">Above -2.</param>
    /// <param name="from">First user.</param>
    /// <param name="to">After the last user.</param>
    /// <param name="appends">About how many there will be.</param>
    /// <param name="visits">Where the visits go: other parts write elsewhere.</param>
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

        // Users of each item that are done: those after them make pairs with the next.
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

    /// <summary>Counts, for each later user, the items that it shares with u.</summary>
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
    /// Gives each pair its place after the lists so far and its term: a count turns into where the list begins. A pair
    /// that shares one item needs no list: it has the empty one.
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

    /// <summary>Writes each item of u to the lists of its later users, and the visit that begins there.</summary>
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
