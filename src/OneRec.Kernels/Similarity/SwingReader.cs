using Apache.Arrow;
using OneRec.Core;
using OneRec.Kernels.Ids;

namespace OneRec.Kernels.Similarity;

/// <summary>Reads sorted interactions into a <see cref="SwingGraph"/>, within a memory budget.</summary>
internal sealed class SwingReader(IReadOnlyDictionary<long, double> weightOfCount, long budget)
{
    private const int ChunkLength = 1 << 20;

    private readonly List<int[]> _chunks = [];
    private readonly List<int> _userStart = [];
    private readonly List<double> _weights = [];
    private readonly IdRun _users = new();
    private readonly IdRun _itemsOfUser = new();
    private readonly List<bool> _isTarget = [];
    private IdSet? _items;
    private long _edges;

    /// <summary>The items read; null before the first row.</summary>
    public IdSet? Items => _items;

    /// <summary>
    /// Reads rows of a batch: user_id, item_id, user_items, and is_target if present; sorted by (user_id, item_id),
    /// distinct.
    /// </summary>
    /// <param name="batch">The batch.</param>
    /// <param name="from">First row.</param>
    /// <param name="to">One past the last row.</param>
    /// <exception cref="ArgumentException">Rows are out of order, there is a null, or a user_items has no weight.</exception>
    /// <exception cref="OneRecException">The interactions do not fit in the budget.</exception>
    public void Read(RecordBatch batch, int from, int to)
    {
        IArrowArray users = BatchColumns.Find(batch, "user_id");
        IArrowArray items = BatchColumns.Find(batch, "item_id");
        var counts = BatchColumns.FindNonNull<Int64Array>(batch, "user_items");
        BooleanArray? targets = batch.Schema.GetFieldIndex("is_target") < 0 ? null : BatchColumns.FindNonNull<BooleanArray>(batch, "is_target");
        _items ??= IdSet.For(items.Data.DataType);
        for (int row = from; row < to; row++)
        {
            int user = _users.Next(users, row);
            int item = _itemsOfUser.Next(items, row);
            if (user < 0 || (user == 0 && item <= 0))
            {
                throw new ArgumentException("the input of swing is not sorted by (user_id, item_id), or has duplicates");
            }

            if (user > 0)
            {
                long n = counts.GetValue(row)!.Value;
                _userStart.Add((int)_edges);
                _weights.Add(weightOfCount.TryGetValue(n, out double weight)
                    ? weight
                    : throw new ArgumentException($"the weights have no row for user_items {n}"));
            }

            int number = _items.Add(items, row);
            if (number == _isTarget.Count)
            {
                _isTarget.Add(targets?.GetValue(row) ?? true);
            }

            Add(number);
        }

        Check();
    }

    /// <summary>The graph of all rows read; items are numbered in the order of their ids.</summary>
    /// <param name="sorted">The numbers of <see cref="Items"/> in ascending order of their ids.</param>
    /// <param name="targets">The items whose similar items are requested, ascending.</param>
    public SwingGraph Build(out int[] sorted, out int[] targets)
    {
        sorted = _items?.Sorted() ?? [];
        int[] ranks = _items?.Ranks(sorted) ?? [];
        var edges = new int[_edges];
        for (int e = 0; e < edges.Length; e++)
        {
            edges[e] = ranks[_chunks[e / ChunkLength][e % ChunkLength]];
        }

        _chunks.Clear();
        targets = [.. ranks.Where((_, number) => _isTarget[number]).Order()];
        _userStart.Add(edges.Length);
        return new SwingGraph([.. _userStart], edges, [.. _weights], sorted.Length);
    }

    private void Add(int item)
    {
        int place = (int)(_edges % ChunkLength);
        if (place == 0)
        {
            _chunks.Add(new int[ChunkLength]);
        }

        _chunks[^1][place] = item;
        _edges++;
    }

    private void Check()
    {
        long needed = SwingGraph.Bytes(_edges, _userStart.Count, _items!.Count) + _items.Bytes;
        if (needed > budget || _edges >= int.MaxValue)
        {
            throw SwingMemory.TooLarge(_edges, _userStart.Count, _items.Count, needed, budget, "so far");
        }
    }
}

/// <summary>The error for interactions that do not fit in memory.</summary>
internal static class SwingMemory
{
    /// <summary>Exit 2: states the numbers and what to change.</summary>
    public static OneRecException TooLarge(
        long edges, long users, long items, long needed, long budget, string when) =>
        OneRecException.Configuration(
            "swing.memory",
            $"swing: {edges} interactions of {users} users and {items} items ({when}) need {MiB(needed)} MiB of memory, "
                + $"but only {MiB(budget)} MiB are available; raise memoryLimit, or lower swing.maxItemUsers or swing.maxUserItems");

    private static long MiB(long bytes) => (bytes + (1L << 20) - 1) >> 20;
}
