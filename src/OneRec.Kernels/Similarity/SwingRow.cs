namespace OneRec.Kernels.Similarity;

/// <summary>The scores of one target against the items after it, summed from stored lists.</summary>
/// <remarks>
/// Two arrays over all items, of which only what the target touches is read or cleared. <see cref="Load"/> comes first,
/// then <see cref="Add"/>, then <see cref="Take"/>.
/// </remarks>
internal sealed unsafe class SwingRow(SwingGraph graph)
{
    private readonly double[] _sums = new double[graph.Items];
    private readonly int[] _counts = new int[graph.Items];
    private readonly int[] _items = new int[graph.Items + 1];
    private readonly SwingNeighbour[] _candidates = new SwingNeighbour[graph.Items];
    private int _met;

    /// <summary>Bytes of a row.</summary>
    public static long Bytes(long items) => 32 * items;

    /// <summary>Counts the users that each later item shares with the target.</summary>
    public void Load(int target)
    {
        int met = 0;
        fixed (int* counts = _counts, items = _items)
        {
            foreach (int user in graph.UsersOf(target))
            {
                ReadOnlySpan<int> own = graph.ItemsOf(user);
                foreach (int item in own[(own.BinarySearch(target) + 1)..])
                {
                    int before = counts[item];
                    counts[item] = before + 1;
                    items[met] = item;
                    met += before == 0 ? 1 : 0;
                }
            }
        }

        _met = met;
    }

    /// <summary>Adds the terms of the target's pairs, in their order, to later items from one to another.</summary>
    /// <param name="lists">The stored lists.</param>
    /// <param name="target">The target.</param>
    /// <param name="from">First item, after the target; threads that share a target take ranges of items.</param>
    /// <param name="to">After the last item.</param>
    /// <param name="cancellation">Checked now and then.</param>
    public void Add(SwingLists lists, int target, int from, int to, CancellationToken cancellation)
    {
        bool whole = from == target + 1 && to == graph.Items;
        ReadOnlySpan<int> pairs = lists.PairsOf(target);
        ReadOnlySpan<int> places = lists.PlacesOf(target);
        ReadOnlySpan<int> starts = lists.Start;
        ReadOnlySpan<double> terms = lists.Terms;
        fixed (int* items = lists.Items)
        fixed (double* sums = _sums)
        {
            for (int p = 0; p < pairs.Length; p++)
            {
                if ((p & 0xFFFF) == 0)
                {
                    cancellation.ThrowIfCancellationRequested();
                }

                int pair = pairs[p];
                double term = terms[pair];
                int* item = items + places[p] + 1;
                int* end = items + starts[pair + 1];
                if (!whole)
                {
                    int* later = item;
                    item = later + LowerBound(later, (int)(end - later), from);
                    end = later + LowerBound(later, (int)(end - later), to);
                }

                for (; item < end; item++)
                {
                    sums[*item] += term;
                }
            }
        }
    }

    /// <summary>The later items that share enough users with the target, in no order; clears the row.</summary>
    /// <param name="leastCommon">Users that they must share; 2 at least.</param>
    /// <returns>Valid until the next call.</returns>
    public ReadOnlySpan<SwingNeighbour> Take(int leastCommon)
    {
        int least = Math.Max(2, leastCommon);
        int n = 0;
        for (int c = 0; c < _met; c++)
        {
            int item = _items[c];
            _candidates[n] = new SwingNeighbour(_sums[item], item, _counts[item]);
            n += _counts[item] >= least ? 1 : 0;
            _counts[item] = 0;
            _sums[item] = 0;
        }

        return _candidates.AsSpan(0, n);
    }

    private static int LowerBound(int* items, int length, int value)
    {
        int low = 0;
        while (low < length)
        {
            int middle = (low + length) >>> 1;
            if (items[middle] < value)
            {
                low = middle + 1;
            }
            else
            {
                length = middle;
            }
        }

        return low;
    }
}
