using System.Numerics;

namespace OneRec.Kernels.Similarity;

/// <summary>Keeps the best of a target's candidates, which may come in any order.</summary>
/// <remarks>Candidates are gathered until the room is full, and then thinned out: cheaper than a heap.</remarks>
/// <param name="room">Where they are gathered: <see cref="Room"/> of them.</param>
/// <param name="keep">How many are kept in the end.</param>
/// <param name="count">How many are there already.</param>
internal ref struct SwingBest(Span<SwingNeighbour> room, int keep, int count = 0)
{
    private const int Samples = 16;

    private readonly Span<SwingNeighbour> _room = room;
    private readonly int _keep = keep;

    /// <summary>Number gathered.</summary>
    public int Count { get; private set; } = count;

    /// <summary>The room to keep so many.</summary>
    public static int Room(int keep) => checked(keep + (keep / 2) + 32);

    /// <summary>Takes a candidate.</summary>
    /// <param name="candidate">One that was not offered before; its score is 0 or above.</param>
    /// <param name="threshold">Raised where the room was full: what scores below it need not be offered.</param>
    public void Offer(in SwingNeighbour candidate, ref double threshold)
    {
        _room[Count++] = candidate;
        if (Count == _room.Length)
        {
            threshold = Thin();
        }
    }

    /// <summary>Sorts the best, best first. Nothing may be offered after it.</summary>
    /// <param name="keys">Scratch of <see cref="Room"/> numbers.</param>
    /// <param name="sorted">Out: as many as are kept, or fewer.</param>
    /// <returns>How many.</returns>
    public int Sort(Span<ulong> keys, Span<SwingNeighbour> sorted)
    {
        if (Count > _keep + (_keep / 4))
        {
            Thin();
        }

        if (Count > _keep)
        {
            Select();
        }

        // A key is a score's bits, which order as numbers where none is negative, inverted, with the place in its last
        // bits: numbers alone sort faster than rows. Near ties are left to set right.
        ulong places = ((ulong)BitOperations.RoundUpToPowerOf2((uint)Count) << 1) - 1;
        keys = keys[..Count];
        for (int at = 0; at < keys.Length; at++)
        {
            keys[at] = (~BitConverter.DoubleToUInt64Bits(_room[at].Score) & ~places) | (uint)at;
        }

        keys.Sort();
        for (int at = 0; at < keys.Length; at++)
        {
            SwingNeighbour moved = _room[(int)(keys[at] & places)];
            int to = at;
            for (; to > 0 && moved.IsBefore(sorted[to - 1]); to--)
            {
                sorted[to] = sorted[to - 1];
            }

            sorted[to] = moved;
        }

        return Count;
    }

    /// <summary>Forgets candidates that cannot be among the best; returns a score that those are at or above.</summary>
    private double Thin()
    {
        Span<double> sample = stackalloc double[Samples];
        for (int s = 0; s < Samples; s++)
        {
            sample[s] = _room[(int)((long)s * Count / Samples)].Score;
        }

        sample.Sort();

        // About two thirds should stay: then few tries keep too few.
        for (int s = Samples / 3; s >= 0; s -= 2)
        {
            double least = sample[s];
            int above = 0;
            foreach (ref readonly SwingNeighbour candidate in _room[..Count])
            {
                above += candidate.Score >= least ? 1 : 0;
            }

            if (above >= _keep && above < Count)
            {
                int kept = 0;
                for (int at = 0; at < Count; at++)
                {
                    SwingNeighbour candidate = _room[at];
                    _room[kept] = candidate;
                    kept += candidate.Score >= least ? 1 : 0;
                }

                Count = kept;
                return least;
            }
        }

        Select();
        double worst = double.PositiveInfinity;
        foreach (ref readonly SwingNeighbour kept in _room[..Count])
        {
            worst = Math.Min(worst, kept.Score);
        }

        return worst;
    }

    /// <summary>Leaves the best alone, in no order (Hoare's selection).</summary>
    private void Select()
    {
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

            (low, high) = _keep - 1 <= right ? (low, right) : (right + 1, high);
        }

        Count = _keep;
    }
}
