namespace OneRec.Kernels.Similarity;

/// <summary>What one thread has to offer to items, gathered by blocks of them; see <see cref="SwingMirror"/>.</summary>
internal sealed class SwingOffers(SwingMirror mirror)
{
    private const int Room = 128;

    /// <summary>Bytes of it at most.</summary>
    public const long Bytes = SwingMirror.MostBlocks * Room * 20;

    private readonly int[] _items = new int[mirror.Blocks * Room];
    private readonly SwingNeighbour[] _candidates = new SwingNeighbour[mirror.Blocks * Room];
    private readonly int[] _counts = new int[mirror.Blocks];

    /// <summary>Offers a candidate to an item, sooner or later.</summary>
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

    /// <summary>Offers all that is left.</summary>
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
