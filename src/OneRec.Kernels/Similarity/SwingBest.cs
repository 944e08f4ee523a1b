namespace OneRec.Kernels.Similarity;

/// <summary>Keeps the best of a target's candidates, which may come in any order.</summary>
/// <param name="kept">Where they are kept; as many as it is long.</param>
/// <param name="count">How many are there already; all of them together are a heap.</param>
internal ref struct SwingBest(Span<SwingNeighbour> kept, int count = 0)
{
    private readonly Span<SwingNeighbour> _kept = kept;

    /// <summary>Number kept.</summary>
    public int Count { get; private set; } = count;

    /// <summary>The score of the last in rank, once there are as many as are kept.</summary>
    public readonly double Worst => _kept[0].Score;

    /// <summary>Takes a candidate if it is among the best so far.</summary>
    public void Offer(in SwingNeighbour candidate)
    {
        if (Count < _kept.Length)
        {
            _kept[Count++] = candidate;
            if (Count == _kept.Length)
            {
                MakeHeap();
            }
        }
        else if (candidate.IsBefore(_kept[0]))
        {
            Sink(0, Count, candidate);
        }
    }

    /// <summary>Sorts them, best first. Nothing may be offered after it.</summary>
    public void Sort()
    {
        if (Count < _kept.Length)
        {
            MakeHeap();
        }

        for (int last = Count - 1; last > 0; last--)
        {
            SwingNeighbour sinking = _kept[last];
            _kept[last] = _kept[0];
            Sink(0, last, sinking);
        }
    }

    private readonly void MakeHeap()
    {
        for (int node = (Count / 2) - 1; node >= 0; node--)
        {
            Sink(node, Count, _kept[node]);
        }
    }

    /// <summary>Puts a neighbour at a node, or below it, so that every parent ranks after its children.</summary>
    private readonly void Sink(int node, int length, SwingNeighbour sinking)
    {
        Span<SwingNeighbour> heap = _kept[..length];
        while (true)
        {
            int child = (2 * node) + 1;
            if (child >= heap.Length)
            {
                break;
            }

            if (child + 1 < heap.Length && heap[child].IsBefore(heap[child + 1]))
            {
                child++;
            }

            if (!sinking.IsBefore(heap[child]))
            {
                break;
            }

            heap[node] = heap[child];
            node = child;
        }

        heap[node] = sinking;
    }
}
