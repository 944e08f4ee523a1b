namespace OneRec.Kernels.Similarity;

/// <summary>
/// The best of every item at once, filled from either end of a pair: score(i, j) is the same double as score(j, i), so a
/// pair is summed once and offered to both.
/// </summary>
/// <remarks>What is kept does not depend on the order of offers; threads may offer at once.</remarks>
internal sealed class SwingMirror
{
    private const int Stripes = 1024;

    private readonly SwingNeighbour[] _best;
    private readonly int[] _counts;
    private readonly double[] _thresholds;
    private readonly int _stride;
    private readonly Lock[] _locks = [.. Enumerable.Range(0, Stripes).Select(_ => new Lock())];

    /// <summary>Room for so many of each item.</summary>
    public SwingMirror(int items, int perItem)
    {
        _stride = perItem;
        _best = new SwingNeighbour[checked(items * perItem)];
        _counts = new int[items];
        _thresholds = new double[items];
        Array.Fill(_thresholds, double.NegativeInfinity);
    }

    /// <summary>Bytes of it.</summary>
    public static long Bytes(long items, long perItem) => items * (12 + (16 * perItem));

    /// <summary>Offers one target's candidates, to it and to each of them.</summary>
    /// <param name="target">The target.</param>
    /// <param name="candidates">Its candidates, each in this call alone.</param>
    public void Offer(int target, ReadOnlySpan<SwingNeighbour> candidates)
    {
        lock (_locks[target % Stripes])
        {
            SwingBest own = Best(target);
            foreach (ref readonly SwingNeighbour candidate in candidates)
            {
                own.Offer(candidate);
            }

            Keep(target, own);
        }

        foreach (ref readonly SwingNeighbour candidate in candidates)
        {
            // An old threshold is a lower one: it lets too much in to the lock, never too little.
            if (candidate.Score < Volatile.Read(ref _thresholds[candidate.Item]))
            {
                continue;
            }

            lock (_locks[candidate.Item % Stripes])
            {
                SwingBest other = Best(candidate.Item);
                other.Offer(candidate with { Item = target });
                Keep(candidate.Item, other);
            }
        }
    }

    /// <summary>Copies an item's best to a row, once nothing is offered any more.</summary>
    public void CopyTo(int item, int row, SwingNeighbours rows, SwingParameters parameters)
    {
        SwingBest best = rows.Best(row);
        foreach (ref readonly SwingNeighbour kept in _best.AsSpan(item * _stride, _counts[item]))
        {
            best.Offer(kept);
        }

        rows.Close(row, best, parameters);
    }

    private SwingBest Best(int item) => new(_best.AsSpan(item * _stride, _stride), _counts[item]);

    private void Keep(int item, SwingBest best)
    {
        _counts[item] = best.Count;
        if (best.Count == _stride)
        {
            Volatile.Write(ref _thresholds[item], best.Worst);
        }
    }
}
