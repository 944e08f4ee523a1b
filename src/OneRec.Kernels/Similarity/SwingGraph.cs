namespace OneRec.Kernels.Similarity;

/// <summary>The bipartite graph of users and items, in both directions, with each user's weight: the input of Swing.</summary>
/// <remarks>
/// Users and items are dense indices in the order of their ids. The items of a user and the users of an item are both
/// ascending and distinct. Immutable after construction, so threads can share it.
/// </remarks>
public sealed class SwingGraph
{
    private readonly int[] _userStart;
    private readonly int[] _itemsByUser;
    private readonly int[] _itemStart;
    private readonly int[] _usersByItem;
    private readonly double[] _weights;

    /// <summary>Builds a graph from the items of each user.</summary>
    /// <param name="userStart">[users + 1], the start of each user's items; not copied.</param>
    /// <param name="itemsByUser">Item indices by user, strictly ascending within a user; not copied.</param>
    /// <param name="weights">[users], w_u of each user; finite and above 0.</param>
    /// <param name="items">Number of items; every index is below it.</param>
    /// <exception cref="ArgumentException">Lengths do not match, an item is out of order or range, or a weight is invalid.</exception>
    public SwingGraph(int[] userStart, int[] itemsByUser, double[] weights, int items)
    {
        ArgumentNullException.ThrowIfNull(userStart);
        ArgumentNullException.ThrowIfNull(itemsByUser);
        ArgumentNullException.ThrowIfNull(weights);
        if (userStart.Length != weights.Length + 1 || userStart[0] != 0 || userStart[^1] != itemsByUser.Length)
        {
            throw new ArgumentException("userStart does not match the weights and the items", nameof(userStart));
        }

        _userStart = userStart;
        _itemsByUser = itemsByUser;
        _weights = weights;
        _itemStart = new int[items + 1];
        Check();
        foreach (int item in itemsByUser)
        {
            _itemStart[item + 1]++;
        }

        for (int i = 0; i < items; i++)
        {
            ScoringItems += _itemStart[i + 1] > 1 ? 1 : 0;
            UserPairs += (long)_itemStart[i + 1] * (_itemStart[i + 1] - 1) / 2;
            _itemStart[i + 1] += _itemStart[i];
        }

        _usersByItem = new int[itemsByUser.Length];
        int[] next = _itemStart[..^1];
        for (int u = 0; u < weights.Length; u++)
        {
            foreach (int item in ItemsOf(u))
            {
                _usersByItem[next[item]++] = u;
            }
        }

        for (int i = 0; i < items; i++)
        {
            long reach = 0;
            foreach (int u in UsersOf(i))
            {
                reach += _userStart[u + 1] - _userStart[u];
            }

            LargestReach = Math.Max(LargestReach, reach);
        }
    }

    /// <summary>Number of users.</summary>
    public int Users => _weights.Length;

    /// <summary>Number of items.</summary>
    public int Items => _itemStart.Length - 1;

    /// <summary>Number of (user, item) pairs.</summary>
    public int Edges => _itemsByUser.Length;

    /// <summary>Number of items with two or more users; the others have no similar items.</summary>
    public int ScoringItems { get; }

    /// <summary>The lowest w_u; infinite without users.</summary>
    public double LeastWeight { get; private set; } = double.PositiveInfinity;

    /// <summary>Sum over items of C(users, 2): the amount of work, known before it starts.</summary>
    public long UserPairs { get; }

    /// <summary>The maximum number of interactions that the users of one item have in total; determines a target's scratch size.</summary>
    public long LargestReach { get; }

    /// <summary>w_u of every user.</summary>
    public ReadOnlySpan<double> Weights => _weights;

    /// <summary>Bytes of the lists for that many edges, users and items, in both directions.</summary>
    public static long Bytes(long edges, long users, long items) => (8 * edges) + (12 * users) + (8 * items);

    /// <summary>The items of a user, ascending.</summary>
    public ReadOnlySpan<int> ItemsOf(int user) =>
        _itemsByUser.AsSpan(_userStart[user], _userStart[user + 1] - _userStart[user]);

    /// <summary>The users of an item, ascending.</summary>
    public ReadOnlySpan<int> UsersOf(int item) =>
        _usersByItem.AsSpan(_itemStart[item], _itemStart[item + 1] - _itemStart[item]);

    private void Check()
    {
        for (int u = 0; u < _weights.Length; u++)
        {
            if (_userStart[u + 1] < _userStart[u] || !(_weights[u] > 0) || !double.IsFinite(_weights[u]))
            {
                throw new ArgumentException($"user {u} has a negative count or the weight {_weights[u]}");
            }

            LeastWeight = Math.Min(LeastWeight, _weights[u]);
            int last = -1;
            foreach (int item in ItemsOf(u))
            {
                if (item <= last || item >= Items)
                {
                    throw new ArgumentException($"items of user {u} are not ascending below {Items}: {item} after {last}");
                }

                last = item;
            }
        }
    }
}
