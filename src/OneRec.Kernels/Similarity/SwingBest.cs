using System.Numerics;

namespace OneRec.Kernels.Similarity;

/// <summary>Keeps the best of a target's candidates, which may arrive in any order.</summary>
/// <remarks>Collects candidates until the buffer is full and then discards the worst; cheaper than a heap.</remarks>
/// <param name="room">The buffer, <see cref="Room"/> elements.</param>
/// <param name="keep">Number of candidates to keep.</param>
/// <param name="count">Number of candidates already in the buffer.</param>
internal ref struct SwingBest(Span<SwingNeighbour> room, int keep, int count = 0)
{
    private const int Samples = 16;

    private readonly Span<SwingNeighbour> _room = room;
    private readonly int _keep = keep;

    /// <summary>Number of candidates in the buffer.</summary>
    public int Count { get; private set; } = count;

    /// <summary>The buffer size needed to keep that many.</summary>
    public static int Room(int keep) => checked(keep + (keep / 2) + 32);

    /// <summary>Offers a candidate.</summary>
    /// <param name="candidate">A candidate not offered before; its score is at least 0.</param>
    /// <param name="threshold">Raised when the buffer was full: candidates with lower scores need not be offered.</param>
    public void Offer(in SwingNeighbour candidate, ref double threshold)
    {
        _room[Count++] = candidate;
        if (Count == _room.Length)
        {
            threshold = Thin();
        }
    }

    /// <summary>Sorts the best candidates, best first. Nothing may be offered afterwards.</summary>
    /// <param name="keys">Scratch, <see cref="Room"/> elements.</param>
    /// <param name="sorted">Out: the candidates kept, or fewer.</param>
    /// <returns>Their number.</returns>
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

        // A key is the inverted bits of a score (non-negative doubles are ordered like their bits) with the index in the lowest
        // bits: plain numbers sort faster than structs. Near ties are fixed afterwards.
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

    /// <summary>Discards candidates that cannot be among the best; returns a lower bound of the best scores.</summary>
    private double Thin()
    {
        Span<double> sample = stackalloc double[Samples];
        for (int s = 0; s < Samples; s++)
        {
            sample[s] = _room[(int)((long)s * Count / Samples)].Score;
        }

        sample.Sort();

        // About two thirds should remain, so that few attempts keep too few.
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

    /// <summary>Moves the best to the front, unordered (Hoare's selection), and drops the others.</summary>
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
