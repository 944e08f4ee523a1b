namespace OneRec.Kernels.Similarity;

/// <summary>The lists of the pairs whose first user is in one range; see <see cref="SwingLists"/>.</summary>
internal sealed class SwingListPart
{
    private int[] _items = new int[1024];
    private int[] _start = new int[256];
    private double[] _terms = new double[256];

    private SwingListPart(int items) => PerItem = new int[items];

    /// <summary>Pairs in this part.</summary>
    public int Pairs { get; private set; }

    /// <summary>Shared items of all its pairs.</summary>
    public int Length { get; private set; }

    /// <summary>[items]: pairs of this part that share the item; then, where the next of them goes.</summary>
    public int[] PerItem { get; }

    /// <summary>Makes the lists of the users from one to another.</summary>
    public static SwingListPart Build(SwingGraph graph, double alpha2, int from, int to, CancellationToken cancellation)
    {
        var part = new SwingListPart(graph.Items);
        var after = new int[graph.Items];
        for (int i = 0; i < after.Length; i++)
        {
            int at = graph.UsersOf(i).BinarySearch(from);
            after[i] = at < 0 ? ~at : at;
        }

        var count = new int[graph.Users];
        var touched = new int[graph.Users + 1];
        for (int u = from; u < to; u++)
        {
            cancellation.ThrowIfCancellationRequested();
            part.AddUser(graph, alpha2, u, after, count, touched);
        }

        return part;
    }

    /// <summary>Copies the part to its place in the whole, and lists its pairs under their items.</summary>
    public void CopyTo(int[] items, int[] start, double[] terms, int[] pairs, int[] places, int itemBase, int pairBase)
    {
        _items.AsSpan(0, Length).CopyTo(items.AsSpan(itemBase));
        _terms.AsSpan(0, Pairs).CopyTo(terms.AsSpan(pairBase));
        for (int p = 0; p < Pairs; p++)
        {
            start[pairBase + p] = itemBase + _start[p];
            for (int at = _start[p]; at < _start[p + 1]; at++)
            {
                int place = PerItem[_items[at]]++;
                pairs[place] = pairBase + p;
                places[place] = itemBase + at;
            }
        }
    }

    private void AddUser(SwingGraph graph, double alpha2, int u, int[] after, int[] count, int[] touched)
    {
        int met = 0;
        foreach (int item in graph.ItemsOf(u))
        {
            foreach (int v in graph.UsersOf(item)[++after[item]..])
            {
                int before = count[v];
                count[v] = before + 1;
                touched[met] = v;
                met += before == 0 ? 1 : 0;
            }
        }

        // Pairs come in ascending v; a count turns into the place of the pair's next item, -1 where there is no pair.
        touched.AsSpan(0, met).Sort();
        int at = Length;
        Reserve(met);
        for (int t = 0; t < met; t++)
        {
            int v = touched[t];
            int shared = count[v];
            if (shared < 2)
            {
                count[v] = -1;
                continue;
            }

            _start[Pairs] = at;
            _terms[Pairs] = graph.Weights[u] * graph.Weights[v] / (alpha2 + shared);
            Pairs++;
            count[v] = at;
            at = checked(at + shared);
        }

        Length = at;
        _start[Pairs] = at;
        if (_items.Length < at)
        {
            Array.Resize(ref _items, (int)Math.Min(Math.Max(at, _items.Length * 2L), Array.MaxLength));
        }

        foreach (int item in graph.ItemsOf(u))
        {
            foreach (int v in graph.UsersOf(item)[after[item]..])
            {
                int place = count[v];
                if (place >= 0)
                {
                    _items[place] = item;
                    PerItem[item]++;
                    count[v] = place + 1;
                }
            }
        }

        for (int t = 0; t < met; t++)
        {
            count[touched[t]] = 0;
        }
    }

    private void Reserve(int pairs)
    {
        long needed = (long)Pairs + pairs + 1;
        if (_start.Length < needed)
        {
            int length = (int)Math.Min(Math.Max(needed, _start.Length * 2L), Array.MaxLength);
            Array.Resize(ref _start, length);
            Array.Resize(ref _terms, length);
        }
    }
}
