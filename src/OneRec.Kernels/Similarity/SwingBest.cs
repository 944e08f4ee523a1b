namespace OneRec.Kernels.Similarity;

/// <summary>Keeps the best of a target's candidates, which may come in any order.</summary>
/// <remarks>Candidates are gathered until the room is full, and then cut to the best: cheaper than a heap.</remarks>
/// <param name="room">Where they are gathered: more than are kept, twice as many does well (<see cref="Room"/>).</param>
/// <param name="keep">How many are kept.</param>
/// <param name="count">How many are there already.</param>
internal ref struct SwingBest(Span<SwingNeighbour> room, int keep, int count = 0)
{
    private readonly Span<SwingNeighbour> _room = room;
    private readonly int _keep = keep;

    /// <summary>Number gathered.</summary>
    public int Count { get; private set; } = count;

    /// <summary>Gathered after <see cref="Sort"/>: the best, best first.</summary>
    public readonly ReadOnlySpan<SwingNeighbour> Sorted => _room[..Count];

    /// <summary>The room to keep so many.</summary>
    public static int Room(int keep) => checked(2 * keep);

    /// <summary>Takes a candidate.</summary>
    /// <param name="candidate">One that was not offered before.</param>
    /// <param name="threshold">Raised to the least score kept where the room was full: what is below it need not be offered.</param>
    public void Offer(in SwingNeighbour candidate, ref double threshold)
    {
        _room[Count++] = candidate;
        if (Count == _room.Length)
        {
            Cut();
            double least = double.PositiveInfinity;
            foreach (ref readonly SwingNeighbour kept in _room[..Count])
            {
                least = Math.Min(least, kept.Score);
            }

            threshold = least;
        }
    }

    /// <summary>Leaves the best alone, sorted. Nothing may be offered after it.</summary>
    /// <param name="keys">Scratch of <see cref="Room"/> doubles.</param>
    public void Sort(Span<double> keys)
    {
        Cut();
        Span<SwingNeighbour> kept = _room[..Count];
        for (int at = 0; at < kept.Length; at++)
        {
            keys[at] = -kept[at].Score;
        }

        // Sorting by numbers is faster than by a comparison; only ties are left to set right.
        keys[..Count].Sort(kept);
        for (int at = 1; at < kept.Length; at++)
        {
            SwingNeighbour moved = kept[at];
            int to = at;
            for (; to > 0 && moved.IsBefore(kept[to - 1]); to--)
            {
                kept[to] = kept[to - 1];
            }

            kept[to] = moved;
        }
    }

    /// <summary>Puts the best first (Hoare's selection), and forgets the others.</summary>
    private void Cut()
    {
        if (Count <= _keep)
        {
            return;
        }

        Span<SwingNeighbour> all = _room[..Count];
        int low = 0;
        int high = Count - 1;
        while (low < high)
        {
            SwingNeighbour pivot = all[low + ((high - low) / 2)];
            int left = low - 1;
            int right = high + 1;
            while (true)
            {
                do
                {
                    left++;
                }
                while (all[left].IsBefore(pivot));
                do
                {
                    right--;
                }
                while (pivot.IsBefore(all[right]));
                if (left >= right)
                {
                    break;
                }

                (all[left], all[right]) = (all[right], all[left]);
            }

            if (_keep - 1 <= right)
            {
                high = right;
            }
            else
            {
                low = right + 1;
            }
        }

        Count = _keep;
    }
}
