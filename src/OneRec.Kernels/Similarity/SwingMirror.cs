namespace OneRec.Kernels.Similarity;

/// <summary>
/// The best of every item at once, filled from either end of a pair: score(i, j) is the same double as score(j, i), so a
/// pair is summed once and offered to both.
/// </summary>
/// <remarks>
/// What is kept does not depend on the order of offers; threads may offer at once. Items are locked by blocks of
/// consecutive numbers, and <see cref="SwingOffers"/> gathers what goes to a block, so that a lock is seldom taken.
/// </remarks>
internal sealed class SwingMirror
{
    /// <summary>Blocks at most: each thread holds a little of every one.</summary>
    private const int MostBlocks = 256;

    private readonly SwingNeighbour[] _best;
    private readonly int[] _counts;
    private readonly double[] _thresholds;
    private readonly int _keep;
    private readonly int _room;
    private readonly Lock[] _locks;

    /// <summary>Room for so many of each item.</summary>
    public SwingMirror(int items, int perItem)
    {
        _keep = perItem;
        _room = SwingBest.Room(perItem);
        _best = new SwingNeighbour[checked(items * _room)];
        _counts = new int[items];
        _thresholds = new double[items];
        ItemsOfBlock = Math.Max(16, (items + MostBlocks - 1) / MostBlocks);
        _locks = [.. Enumerable.Range(0, (items + ItemsOfBlock - 1) / ItemsOfBlock).Select(_ => new Lock())];
    }

    /// <summary>How many are kept of each item.</summary>
    public int Keep => _keep;

    /// <summary>Blocks of items.</summary>
    public int Blocks => _locks.Length;

    /// <summary>Items of a block.</summary>
    public int ItemsOfBlock { get; }

    /// <summary>
    /// [items]: scores below these are in no best. They rise while others offer: an old one lets too much through, never
    /// too little.
    /// </summary>
    public double[] Thresholds => _thresholds;

    /// <summary>Bytes of it.</summary>
    public static long Bytes(long items, long perItem) => items * (12 + (16 * 2 * perItem));

    /// <summary>Offers pairs to their items, all of one block.</summary>
    /// <param name="block">The block.</param>
    /// <param name="items">Who is offered to.</param>
    /// <param name="candidates">What is offered to each; not offered before.</param>
    public void Offer(int block, ReadOnlySpan<int> items, ReadOnlySpan<SwingNeighbour> candidates)
    {
        lock (_locks[block])
        {
            for (int c = 0; c < items.Length; c++)
            {
                int item = items[c];
                if (candidates[c].Score >= _thresholds[item])
                {
                    var best = new SwingBest(_best.AsSpan(item * _room, _room), _keep, _counts[item]);
                    best.Offer(candidates[c], ref _thresholds[item]);
                    _counts[item] = best.Count;
                }
            }
        }
    }

    /// <summary>An item's best, best first, once nothing is offered any more.</summary>
    /// <param name="item">The item's number.</param>
    /// <param name="keys">Scratch of <see cref="SwingBest.Room"/> doubles.</param>
    public Span<SwingNeighbour> Sorted(int item, Span<double> keys)
    {
        Span<SwingNeighbour> room = _best.AsSpan(item * _room, _room);
        var best = new SwingBest(room, _keep, _counts[item]);
        best.Sort(keys);
        _counts[item] = best.Count;
        return room[..best.Count];
    }
}
