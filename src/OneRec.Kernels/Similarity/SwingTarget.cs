using System.Runtime.CompilerServices;

namespace OneRec.Kernels.Similarity;

/// <summary>
/// The neighbourhood of one target item: its users, numbered 0..k-1 in ascending order, and for each other item that at
/// least two of them have (a slot), the ascending list of those users.
/// </summary>
/// <remarks>
/// Rebuilt for each target in reused memory. All data that the sums access is as small as the neighbourhood, so it stays in
/// cache however large the log is. Call <see cref="Load"/> first; then, for users a ascending, <see cref="Weigh"/> and
/// <see cref="Accumulate"/>; then <see cref="Close"/>.
/// </remarks>
internal sealed unsafe class SwingTarget(SwingGraph graph, double alpha2)
{
    private readonly SwingShared _shared = new(graph);

    /// <summary>By item: its number of users while they are counted, then its slot + 1; all 0 between targets.</summary>
    private readonly int[] _slotOf = new int[graph.Items];
    private int[] _items = new int[64];
    private int[] _slotEnd = new int[64];
    private int[] _fill = new int[64];
    private int[] _slotCommon = new int[64];
    private double[] _scores = new double[64];
    private int[] _members = new int[256];
    private int[] _rowSlot = new int[256];
    private int[] _rowNext = new int[256];
    private int[] _rowStart = new int[64];
    private double[] _weights = new double[64];
    private SwingNeighbour[] _room = [];
    private ulong[] _keys = [];
    private bool _dense;

    /// <summary>Users of the target.</summary>
    public int Users { get; private set; }

    /// <summary>Items that have at least two users in common with the target.</summary>
    public int Slots { get; private set; }

    /// <summary>Bytes of scratch memory for a graph.</summary>
    public static long Bytes(SwingGraph graph) =>
        (16L * Math.Min(graph.LargestReach, int.MaxValue)) + (28L * graph.Items) + (28L * graph.Users) + SwingShared.Bytes;

    /// <summary>Builds the neighbourhood of a target and sets the scores to 0.</summary>
    public void Load(int target)
    {
        ReadOnlySpan<int> users = graph.UsersOf(target);
        Users = users.Length;
        Grow(ref _rowStart, users.Length + 1);
        Grow(ref _weights, users.Length);
        for (int a = 0; a < users.Length; a++)
        {
            _weights[a] = graph.Weights[users[a]];
        }

        _shared.Load(users);
        int seen = CountCommon();
        _slotOf[target] = 0;
        long shared = MakeSlots(seen);
        FillRows();

        // Once most pairs of users are touched, dividing for every pair is cheaper than listing the touched ones.
        _dense = shared >= (long)Users * (Users - 1) / 2;
    }

    /// <summary>
    /// Computes the terms of the user pairs (a, b), b above a, that share another item: (w_a * w_b) / (alpha2 + shared items).
    /// </summary>
    /// <param name="a">A user of the target.</param>
    /// <param name="count">Scratch [users], all 0 before and after.</param>
    /// <param name="touched">Scratch [users + 1].</param>
    /// <param name="terms">Out [users]: set for each b that <see cref="Accumulate"/> reads for the same user.</param>
    public void Weigh(int a, int[] count, int[] touched, Span<double> terms)
    {
        fixed (int* cells = count, list = touched, slots = _rowSlot, nexts = _rowNext, ends = _slotEnd, members = _members)
        fixed (double* weights = _weights, term = terms)
        {
            int from = _rowStart[a];
            int to = _rowStart[a + 1];
            double weight = weights[a];
            if (_dense)
            {
                for (int r = from; r < to; r++)
                {
                    int* end = members + ends[slots[r]];
                    for (int* b = members + nexts[r]; b < end; b++)
                    {
                        cells[*b]++;
                    }
                }

                // Every pair shares the target itself, so add 1 to the count.
                for (int b = a + 1; b < Users; b++)
                {
                    term[b] = weight * weights[b] / (alpha2 + (cells[b] + 1));
                    cells[b] = 0;
                }

                return;
            }

            int n = 0;
            for (int r = from; r < to; r++)
            {
                int* end = members + ends[slots[r]];
                for (int* b = members + nexts[r]; b < end; b++)
                {
                    int before = cells[*b];
                    cells[*b] = before + 1;
                    list[n] = *b;
                    n += before == 0 ? 1 : 0;
                }
            }

            for (int t = 0; t < n; t++)
            {
                int b = list[t];
                term[b] = weight * weights[b] / (alpha2 + (cells[b] + 1));
                cells[b] = 0;
            }
        }
    }

    /// <summary>Adds a user's terms to the scores: for each slot of user a, the terms of its later users, ascending.</summary>
    /// <param name="a">A user of the target; all users before it are done.</param>
    /// <param name="terms">The result of <see cref="Weigh"/> for this user.</param>
    /// <param name="part">Threads can share a target: each takes its own runs of 16 slots (so that no two share a cache line).</param>
    /// <param name="parts">Number of threads that share it, at least 1.</param>
    public void Accumulate(int a, ReadOnlySpan<double> terms, int part = 0, int parts = 1)
    {
        fixed (int* slots = _rowSlot, nexts = _rowNext, ends = _slotEnd, members = _members)
        fixed (double* scores = _scores, term = terms)
        {
            int* chosen = stackalloc int[4];
            int held = 0;
            for (int r = _rowStart[a]; r < _rowStart[a + 1]; r++)
            {
                if (parts > 1 && (slots[r] >> 4) % parts != part)
                {
                    continue;
                }

                chosen[held++] = r;
                if (held == 4)
                {
                    AddFour(chosen, slots, nexts, ends, members, scores, term);
                    held = 0;
                }
            }

            for (int h = 0; h < held; h++)
            {
                int slot = slots[chosen[h]];
                scores[slot] = Add(scores[slot], members + nexts[chosen[h]], members + ends[slot], term);
            }
        }
    }

    /// <summary>Selects the best of the items that have enough users in common with the target.</summary>
    /// <param name="row">The target's row in the block.</param>
    /// <param name="rows">The block.</param>
    /// <param name="parameters">Determines what is kept.</param>
    public void Close(int row, SwingNeighbours rows, SwingParameters parameters)
    {
        int room = SwingBest.Room(rows.PerTarget);
        Grow(ref _room, room);
        Grow(ref _keys, room);
        var best = new SwingBest(_room.AsSpan(0, room), rows.PerTarget);
        double threshold = double.NegativeInfinity;
        for (int s = 0; s < Slots; s++)
        {
            if (_slotCommon[s] >= parameters.MinCommonUsers && _scores[s] >= threshold)
            {
                best.Offer(new SwingNeighbour(_scores[s], _items[s], _slotCommon[s]), ref threshold);
            }
        }

        rows.Close(row, best.Sort(_keys, rows.Room(row)), parameters);
    }

    /// <summary>Four slots in parallel: a sum must wait for its previous addition, but four sums are independent.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AddFour(
        int* rows, int* slots, int* nexts, int* ends, int* members, double* scores, double* term)
    {
        int s0 = slots[rows[0]];
        int s1 = slots[rows[1]];
        int s2 = slots[rows[2]];
        int s3 = slots[rows[3]];
        int* p0 = members + nexts[rows[0]];
        int* p1 = members + nexts[rows[1]];
        int* p2 = members + nexts[rows[2]];
        int* p3 = members + nexts[rows[3]];
        int* e0 = members + ends[s0];
        int* e1 = members + ends[s1];
        int* e2 = members + ends[s2];
        int* e3 = members + ends[s3];
        double x0 = scores[s0];
        double x1 = scores[s1];
        double x2 = scores[s2];
        double x3 = scores[s3];
        long shortest = Math.Min(Math.Min(e0 - p0, e1 - p1), Math.Min(e2 - p2, e3 - p3));
        for (long q = 0; q < shortest; q++)
        {
            x0 += term[p0[q]];
            x1 += term[p1[q]];
            x2 += term[p2[q]];
            x3 += term[p3[q]];
        }

        scores[s0] = Add(x0, p0 + shortest, e0, term);
        scores[s1] = Add(x1, p1 + shortest, e1, term);
        scores[s2] = Add(x2, p2 + shortest, e2, term);
        scores[s3] = Add(x3, p3 + shortest, e3, term);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static double Add(double sum, int* member, int* end, double* term)
    {
        for (; member < end; member++)
        {
            sum += term[*member];
        }

        return sum;
    }

    private static void Grow<T>(ref T[] array, int length)
    {
        if (array.Length < length)
        {
            array = new T[Math.Max(length, (int)Math.Min(array.Length * 2L, Array.MaxLength))];
        }
    }

    /// <summary>Counts the users of each kept item; lists the items found.</summary>
    private int CountCommon()
    {
        ReadOnlySpan<int> all = _shared.All;
        Grow(ref _items, all.Length + 1);
        fixed (int* common = _slotOf, items = _items)
        {
            int seen = 0;
            foreach (int item in all)
            {
                int before = common[item];
                common[item] = before + 1;
                items[seen] = item;
                seen += before == 0 ? 1 : 0;
            }

            return seen;
        }
    }

    /// <summary>
    /// Assigns a slot to each item with two or more users, in place of its count; returns the number of additions for the target.
    /// </summary>
    private long MakeSlots(int seen)
    {
        Grow(ref _slotEnd, seen);
        Grow(ref _fill, seen);
        Grow(ref _slotCommon, seen);
        Grow(ref _scores, seen);
        long additions = 0;
        int members = 0;
        int slots = 0;
        for (int c = 0; c < seen; c++)
        {
            int item = _items[c];
            int common = _slotOf[item];
            if (common < 2)
            {
                _slotOf[item] = 0;
                continue;
            }

            _items[slots] = item;
            _slotCommon[slots] = common;
            _scores[slots] = 0;
            _fill[slots] = members;
            members += common;
            _slotEnd[slots] = members;
            additions += (long)common * (common - 1) / 2;
            _slotOf[item] = ++slots;
        }

        Slots = slots;
        Grow(ref _members, members);
        Grow(ref _rowSlot, members + 1);
        Grow(ref _rowNext, members + 1);
        return additions;
    }

    /// <summary>Lists the users of each slot, and for each user the slots with later users; takes the slots back from the items.</summary>
    private void FillRows()
    {
        fixed (int* slotOf = _slotOf, fill = _fill, ends = _slotEnd, members = _members, rowSlot = _rowSlot, rowNext = _rowNext)
        {
            int rows = 0;
            for (int a = 0; a < Users; a++)
            {
                _rowStart[a] = rows;
                foreach (int item in _shared.Of(a))
                {
                    int slot = slotOf[item] - 1;
                    if (slot < 0)
                    {
                        continue;
                    }

                    int next = fill[slot] + 1;
                    fill[slot] = next;
                    members[next - 1] = a;
                    rowSlot[rows] = slot;
                    rowNext[rows] = next;
                    rows += next < ends[slot] ? 1 : 0;
                }
            }

            _rowStart[Users] = rows;
        }

        foreach (int item in _items.AsSpan(0, Slots))
        {
            _slotOf[item] = 0;
        }
    }
}
