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
    public const int MostBlocks = 256;

    private readonly SwingNeighbour[] _best;
    private readonly int[] _counts;
    private readonly int _room;
    private readonly int _shift = 4;
    private readonly Lock[] _locks;

    /// <summary>Room for so many of each item.</summary>
    public SwingMirror(int items, int perItem)
    {
        Keep = perItem;
        _room = SwingBest.Room(perItem);
        _best = GC.AllocateUninitializedArray<SwingNeighbour>(checked(items * _room));
        _counts = new int[items];
        Thresholds = new double[items];
        while (items >> _shift >= MostBlocks)
        {
            _shift++;
        }

        _locks = [.. Enumerable.Range(0, (items >> _shift) + 1).Select(_ => new Lock())];
    }

    /// <summary>How many are kept of each item.</summary>
    public int Keep { get; }

    /// <summary>Blocks of items.</summary>
    public int Blocks => _locks.Length;

    /// <summary>
    /// [items]: scores below these are in no best. They rise while others offer: an old one lets too much through, never
    /// too little.
    /// </summary>
    public double[] Thresholds { get; }

    /// <summary>The block of an item.</summary>
    public int BlockOf(int item) => item >> _shift;

    /// <summary>Bytes of it.</summary>
    public static long Bytes(long items, long perItem) => items * (12 + (16L * SwingBest.Room((int)perItem)));

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
                Put(items[c], candidates.Slice(c, 1));
            }
        }
    }

    /// <summary>Offers pairs to one item.</summary>
    /// <param name="item">The item.</param>
    /// <param name="candidates">Not offered before.</param>
    public void Offer(int item, ReadOnlySpan<SwingNeighbour> candidates)
    {
        lock (_locks[BlockOf(item)])
        {
            Put(item, candidates);
        }
    }

    /// <summary>An item's best, best first, once nothing is offered any more.</summary>
    /// <param name="item">The item's number.</param>
    /// <param name="keys">Scratch of <see cref="SwingBest.Room"/> numbers.</param>
    /// <param name="sorted">Out: as many as are kept, or fewer.</param>
    /// <returns>How many.</returns>
    public int Sort(int item, Span<ulong> keys, Span<SwingNeighbour> sorted) =>
        new SwingBest(_best.AsSpan(item * _room, _room), Keep, _counts[item]).Sort(keys, sorted);

    private void Put(int item, ReadOnlySpan<SwingNeighbour> candidates)
    {
        var best = new SwingBest(_best.AsSpan(item * _room, _room), Keep, _counts[item]);
        ref double threshold = ref Thresholds[item];
        foreach (ref readonly SwingNeighbour candidate in candidates)
        {
            if (candidate.Score >= threshold)
            {
                best.Offer(candidate, ref threshold);
            }
        }

        _counts[item] = best.Count;
    }
}
