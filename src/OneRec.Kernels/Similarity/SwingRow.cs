namespace OneRec.Kernels.Similarity;

/// <summary>The scores of one target against every item, summed from stored lists.</summary>
/// <remarks>
/// Two arrays over all items, of which only what the target touches is read or cleared. <see cref="Load"/> comes first,
/// then <see cref="Add"/>, then <see cref="Close"/>.
/// </remarks>
internal sealed unsafe class SwingRow
{
    private readonly SwingGraph _graph;
    private readonly double[] _sums;
    private readonly int[] _counts;
    private readonly int[] _items;
    private int _met;

    /// <summary>A row over the items of a graph.</summary>
    public SwingRow(SwingGraph graph)
    {
        _graph = graph;
        _sums = new double[graph.Items];
        _counts = new int[graph.Items];
        _items = new int[graph.Items + 1];
    }

    /// <summary>Bytes of a row.</summary>
    public static long Bytes(long items) => 16 * items;

    /// <summary>Counts the users that each item shares with the target.</summary>
    public void Load(int target)
    {
        int met = 0;
        fixed (int* counts = _counts, items = _items)
        {
            foreach (int user in _graph.UsersOf(target))
            {
                foreach (int item in _graph.ItemsOf(user))
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

    /// <summary>Adds the terms of the target's pairs, in their order, to the items from one to another.</summary>
    /// <param name="lists">The stored lists.</param>
    /// <param name="target">The target.</param>
    /// <param name="from">First item; threads that share a target take ranges of items.</param>
    /// <param name="to">After the last item.</param>
    /// <param name="cancellation">Checked now and then.</param>
    public void Add(SwingLists lists, int target, int from, int to, CancellationToken cancellation)
    {
        bool whole = from == 0 && to == _graph.Items;
        ReadOnlySpan<int> pairs = lists.PairsOf(target);
        ReadOnlySpan<int> starts = lists.Start;
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
                double term = lists.Terms[pair];
                int* item = items + starts[pair];
                int* end = items + starts[pair + 1];
                if (!whole)
                {
                    int first = LowerBound(item, (int)(end - item), from);
                    end = item + LowerBound(item, (int)(end - item), to);
                    item += first;
                }

                for (; item < end; item++)
                {
                    sums[*item] += term;
                }
            }
        }
    }

    /// <summary>Offers the items that share enough users with the target, and clears the row.</summary>
    public void Close(int target, int row, SwingNeighbours rows, SwingParameters parameters)
    {
        int least = Math.Max(2, parameters.MinCommonUsers);
        SwingBest best = rows.Best(row);
        _counts[target] = 0;
        for (int c = 0; c < _met; c++)
        {
            int item = _items[c];
            int common = _counts[item];
            double score = _sums[item];
            _counts[item] = 0;
            _sums[item] = 0;
            if (common >= least)
            {
                best.Offer(score, item, common);
            }
        }

        rows.Close(row, best, parameters);
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
