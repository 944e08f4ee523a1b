namespace OneRec.Kernels.Similarity;

/// <summary>
/// For each item and each pair of its users, in ascending (u, v): the pair's term, and where the items after this one
/// begin in the pair's list. One visit an append.
/// </summary>
internal sealed class SwingVisits
{
    private readonly int[] _start;
    private readonly int[] _users;

    /// <summary>Room for the visits of all items.</summary>
    /// <param name="ranked">Items by popularity; Σ C(users, 2) within the length of an array.</param>
    public SwingVisits(SwingPopularity ranked)
    {
        _start = new int[ranked.Count + 1];
        _users = new int[ranked.Count];
        for (int i = 0; i < ranked.Count; i++)
        {
            long users = ranked.UsersOf(i).Length;
            _users[i] = (int)users;
            _start[i + 1] = checked((int)(_start[i] + (users * (users - 1) / 2)));
        }

        Places = GC.AllocateUninitializedArray<int>(_start[^1]);
        Terms = GC.AllocateUninitializedArray<double>(_start[^1]);
    }

    /// <summary>Where the rest of the list begins, in the part of the pair's first user.</summary>
    public int[] Places { get; }

    /// <summary>(w_u * w_v) / (alpha2 + shared items); 0 where the pair shares this item alone.</summary>
    public double[] Terms { get; }

    /// <summary>Bytes of so many visits.</summary>
    public static long Bytes(long visits, long items) => (12 * visits) + (8 * items);

    /// <summary>The first visit of an item whose first user is the item's user number <paramref name="a"/>.</summary>
    public int First(int item, int a) => _start[item] + (int)((long)a * ((2L * _users[item]) - a - 1) / 2);
}
