namespace OneRec.Kernels.Similarity;

/// <summary>
/// The items with two or more users, numbered by popularity: number 0 has the most users. So the sums that change most
/// often are next to each other, in the cache.
/// </summary>
internal sealed class SwingPopularity
{
    private readonly SwingGraph _graph;
    private readonly int[] _items;
    private readonly int[] _numbers;
    private readonly int[] _start;
    private readonly int[] _byUser;

    /// <summary>Numbers the items of a graph; items with equally many users keep their order.</summary>
    public SwingPopularity(SwingGraph graph)
    {
        _graph = graph;
        var items = new List<int>();
        var keys = new List<int>();
        _start = new int[graph.Users + 1];
        for (int i = 0; i < graph.Items; i++)
        {
            int users = graph.UsersOf(i).Length;
            if (users >= 2)
            {
                items.Add(i);
                keys.Add(-users);
                foreach (int user in graph.UsersOf(i))
                {
                    _start[user + 1]++;
                }
            }
        }

        for (int u = 0; u < graph.Users; u++)
        {
            _start[u + 1] += _start[u];
        }

        // Break ties by item, because the sort is not stable.
        long[] order = [.. keys.Select((key, at) => ((long)key << 32) | (uint)items[at])];
        Array.Sort(order);
        _items = [.. order.Select(o => (int)o)];
        _byUser = new int[_start[^1]];
        int[] next = _start[..^1];
        _numbers = new int[graph.Items];
        Array.Fill(_numbers, -1);
        for (int number = 0; number < _items.Length; number++)
        {
            _numbers[_items[number]] = number;
            foreach (int user in UsersOf(number))
            {
                _byUser[next[user]++] = number;
            }
        }
    }

    /// <summary>Number of numbered items.</summary>
    public int Count => _items.Length;

    /// <summary>The graph's items, by number.</summary>
    public int[] Items => _items;

    /// <summary>An item's number; -1 if it has none.</summary>
    public int NumberOf(int item) => _numbers[item];

    /// <summary>Bytes of memory used.</summary>
    public static long Bytes(long edges, long users, long items) => (4 * edges) + (8 * users) + (28 * items);

    /// <summary>The numbers of a user's items, ascending.</summary>
    public ReadOnlySpan<int> ItemsOf(int user) => _byUser.AsSpan(_start[user], _start[user + 1] - _start[user]);

    /// <summary>The users of a numbered item, ascending.</summary>
    public ReadOnlySpan<int> UsersOf(int number) => _graph.UsersOf(_items[number]);
}
