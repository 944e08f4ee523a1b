namespace OneRec.Kernels.Similarity;

/// <summary>
/// The best similar items of all items, filled from both ends of a pair: score(i, j) is the same double as score(j, i), so a
/// pair is summed once and offered to both items.
/// </summary>
/// <remarks>
/// The result does not depend on the order of offers; several threads may offer at once. Items are locked in blocks of
/// consecutive numbers, and <see cref="SwingOffers"/> collects the offers to a block, so that locks are rarely taken.
/// </remarks>
internal sealed class SwingMirror
{
    /// <summary>Maximum blocks; each thread has a small buffer for every block.</summary>
    public const int MostBlocks = 256;

    private readonly SwingNeighbour[] _best;
    private readonly int[] _counts;
    private readonly int _room;
    private readonly int _shift = 4;
    private readonly Lock[] _locks;

    /// <summary>Allocates the buffers.</summary>
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

    /// <summary>Number of similar items to keep per item.</summary>
    public int Keep { get; }

    /// <summary>Number of blocks.</summary>
    public int Blocks => _locks.Length;

    /// <summary>
    /// [items]: candidates with a lower score are rejected. Thresholds rise while other threads offer; an outdated one accepts
    /// too many candidates, never too few.
    /// </summary>
    public double[] Thresholds { get; }

    /// <summary>The block of an item.</summary>
    public int BlockOf(int item) => item >> _shift;

    /// <summary>Bytes of memory used.</summary>
    public static long Bytes(long items, long perItem) => items * (12 + (16L * SwingBest.Room((int)perItem)));

    /// <summary>Offers candidates to items of one block.</summary>
    /// <param name="block">The block.</param>
    /// <param name="items">The items that are offered something.</param>
    /// <param name="candidates">The candidate for each; not offered before.</param>
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

    /// <summary>Offers candidates to one item.</summary>
    /// <param name="item">The item.</param>
    /// <param name="candidates">Not offered before.</param>
    public void Offer(int item, ReadOnlySpan<SwingNeighbour> candidates)
    {
        lock (_locks[BlockOf(item)])
        {
            Put(item, candidates);
        }
    }

    /// <summary>Sorts an item's best candidates, best first, after all offers.</summary>
    /// <param name="item">The item's number.</param>
    /// <param name="keys">Scratch, <see cref="SwingBest.Room"/> elements.</param>
    /// <param name="sorted">Out: the candidates kept, or fewer.</param>
    /// <returns>Their number.</returns>
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

/// <summary>One thread's offers to items, buffered by block; see <see cref="SwingMirror"/>.</summary>
internal sealed class SwingOffers(SwingMirror mirror)
{
    private const int Room = 128;

    /// <summary>Maximum bytes of memory.</summary>
    public const long Bytes = SwingMirror.MostBlocks * Room * 20;

    private readonly int[] _items = new int[mirror.Blocks * Room];
    private readonly SwingNeighbour[] _candidates = new SwingNeighbour[mirror.Blocks * Room];
    private readonly int[] _counts = new int[mirror.Blocks];

    /// <summary>Buffers an offer of a candidate to an item.</summary>
    public void Add(int item, in SwingNeighbour candidate)
    {
        int block = mirror.BlockOf(item);
        int at = (block * Room) + _counts[block]++;
        _items[at] = item;
        _candidates[at] = candidate;
        if (_counts[block] == Room)
        {
            Flush(block);
        }
    }

    /// <summary>Makes all buffered offers.</summary>
    public void Flush()
    {
        for (int block = 0; block < mirror.Blocks; block++)
        {
            Flush(block);
        }
    }

    private void Flush(int block)
    {
        int count = _counts[block];
        _counts[block] = 0;
        mirror.Offer(block, _items.AsSpan(block * Room, count), _candidates.AsSpan(block * Room, count));
    }
}
