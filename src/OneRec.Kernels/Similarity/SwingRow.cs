using System.Numerics;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace OneRec.Kernels.Similarity;

/// <summary>The scores of one target against the more popular items, summed from stored lists.</summary>
/// <remarks>
/// One array over the more popular items, all 0 between targets. Most additions go to the few most popular items, which
/// stay in the L1 cache. Call <see cref="Add"/> first, then <see cref="Take"/>.
/// </remarks>
internal sealed unsafe class SwingRow(SwingLists lists, SwingMirror mirror, SwingCommon common, SwingParameters parameters)
{
    /// <summary>Number of visits that the prefetch of a list runs ahead.</summary>
    private const int Ahead = 6;

    /// <summary>Cells per visit above which walking the lists again is cheaper than scanning all cells.</summary>
    private const long SparseCells = 256;

    private readonly double[] _sums = new double[lists.Ranked.Count + SwingListPart.Padding];
    private readonly SwingNeighbour[] _own = new SwingNeighbour[SwingBest.Room(mirror.Keep)];
    private readonly SwingOffers _offers = new(mirror);
    private readonly SwingCommonOf _common = new(common);
    private double _threshold;

    /// <summary>Bytes of a row.</summary>
    public static long Bytes(long items, long perItem) => (8 * items) + (32 * perItem) + SwingOffers.Bytes;

    /// <summary>Adds the terms of the target's pairs, in order, to a range of more popular items.</summary>
    /// <param name="target">The target's number.</param>
    /// <param name="from">First item; threads that share a target take different ranges.</param>
    /// <param name="to">One past the last item, at most the target.</param>
    /// <param name="cancellation">Checked from time to time.</param>
    public void Add(int target, int from, int to, CancellationToken cancellation)
    {
        ReadOnlySpan<int> users = lists.Ranked.UsersOf(target);
        int a = 0;
        foreach (SwingListPart part in lists.Parts)
        {
            cancellation.ThrowIfCancellationRequested();
            int first = lists.Visits.First(target, a);
            int place = users.BinarySearch(part.To);
            a = place < 0 ? ~place : place;
            int last = lists.Visits.First(target, a);
            if (from == 0 && to == target)
            {
                AddAll(part, first, last);
            }
            else
            {
                AddRange(part, first, last, from, to);
            }
        }
    }

    /// <summary>Offers the scores above 0 to both items of each pair, and clears the row.</summary>
    public void Take(int target)
    {
        var best = new SwingBest(_own, mirror.Keep);
        _threshold = mirror.Thresholds[target];
        int visits = lists.Visits.First(target, lists.Ranked.UsersOf(target).Length);
        if (((long)visits - lists.Visits.First(target, 0)) * SparseCells < target)
        {
            TakeTouched(target, ref best);
        }
        else
        {
            TakeAll(target, ref best);
        }

        mirror.Offer(target, _own.AsSpan(0, best.Count));
    }

    /// <summary>Makes all buffered offers.</summary>
    public void Flush() => _offers.Flush();

    private void AddAll(SwingListPart part, int first, int last)
    {
        fixed (ushort* items = part.Items)
        fixed (int* places = lists.Visits.Places)
        fixed (double* sums = _sums, terms = lists.Visits.Terms)
        {
            nint end = lists.Ranked.Count;
            for (int visit = first; visit < last; visit++)
            {
                double term = terms[visit];
                ushort* item = items + places[visit];
                if (Sse.IsSupported)
                {
                    Sse.Prefetch0(items + places[Math.Min(visit + Ahead, last - 1)] - 4);
                }

                // The four items differ, so the additions do not depend on each other.
                nint i3;
                do
                {
                    nint i0 = item[-1];
                    nint i1 = item[-2];
                    nint i2 = item[-3];
                    i3 = item[-4];
                    double x0 = sums[i0] + term;
                    double x1 = sums[i1] + term;
                    double x2 = sums[i2] + term;
                    double x3 = sums[i3] + term;
                    sums[i0] = x0;
                    sums[i1] = x1;
                    sums[i2] = x2;
                    sums[i3] = x3;
                    item -= 4;
                }
                while (i3 < end);
            }
        }
    }

    private void AddRange(SwingListPart part, int first, int last, int from, int to)
    {
        fixed (ushort* items = part.Items)
        fixed (int* places = lists.Visits.Places)
        fixed (double* sums = _sums, terms = lists.Visits.Terms)
        {
            for (int visit = first; visit < last; visit++)
            {
                double term = terms[visit];
                int end = lists.Ranked.Count;
                for (ushort* item = items + places[visit] - 1; *item >= from && *item < end; item--)
                {
                    if (*item < to)
                    {
                        sums[*item] += term;
                    }
                }
            }
        }
    }

    private void TakeAll(int target, ref SwingBest best)
    {
        fixed (double* sums = _sums, thresholds = mirror.Thresholds)
        {
            // The lower limit is above 0 too: a cell without additions is 0.
            int j = 0;
            for (; j <= target - 4; j += 4)
            {
                Vector256<double> scores = Vector256.Load(sums + j);
                Vector256<double> least = Vector256.Max(
                    Vector256.Min(Vector256.Create(_threshold), Vector256.Load(thresholds + j)),
                    Vector256.Create(double.Epsilon));
                Vector256<double> passes = Vector256.GreaterThanOrEqual(scores, least);
                uint lanes = passes.ExtractMostSignificantBits();
                for (; lanes != 0; lanes &= lanes - 1)
                {
                    int lane = BitOperations.TrailingZeroCount(lanes);
                    Offer(target, j + lane, scores[lane], ref best);
                }
            }

            for (; j < target; j++)
            {
                Offer(target, j, sums[j], ref best);
            }
        }

        _sums.AsSpan(0, target).Clear();
    }

    private void TakeTouched(int target, ref SwingBest best)
    {
        ReadOnlySpan<int> users = lists.Ranked.UsersOf(target);
        int a = 0;
        foreach (SwingListPart part in lists.Parts)
        {
            int first = lists.Visits.First(target, a);
            int place = users.BinarySearch(part.To);
            a = place < 0 ? ~place : place;
            foreach (int start in lists.Visits.Places.AsSpan(first, lists.Visits.First(target, a) - first))
            {
                for (int at = start - 1; part.Items[at] < lists.Ranked.Count; at--)
                {
                    int item = part.Items[at];
                    Offer(target, item, _sums[item], ref best);
                    _sums[item] = 0;
                }
            }
        }
    }

    private void Offer(int target, int item, double score, ref SwingBest best)
    {
        bool own = score >= _threshold;
        if (!(score > 0) || !(own || score >= mirror.Thresholds[item])
            || (parameters.MinCommonUsers > 2 && _common.Count(target, item) < parameters.MinCommonUsers))
        {
            return;
        }

        if (own)
        {
            best.Offer(new SwingNeighbour(score, lists.Ranked.Items[item], item), ref _threshold);
        }

        if (score >= mirror.Thresholds[item])
        {
            _offers.Add(item, new SwingNeighbour(score, lists.Ranked.Items[target], target));
        }
    }
}
