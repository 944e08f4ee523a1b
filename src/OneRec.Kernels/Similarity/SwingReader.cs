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

    /// <summary>The items met; null before any row.</summary>
    public IdSet? Items => _items;

    /// <summary>
    /// Reads rows of a batch: user_id, item_id, user_items, is_target where there is one; sorted by (user_id, item_id),
    /// distinct.
    /// </summary>
    /// <param name="batch">The batch.</param>
    /// <param name="from">First row.</param>
    /// <param name="to">After the last row.</param>
    /// <exception cref="ArgumentException">Rows out of order, a null, or a user_items without a weight.</exception>
    /// <exception cref="OneRecException">The interactions do not fit the budget.</exception>
    public void Read(RecordBatch batch, int from, int to)
    {
        IArrowArray users = BatchColumns.Named(batch, "user_id");
        IArrowArray items = BatchColumns.Named(batch, "item_id");
        var counts = BatchColumns.Full<Int64Array>(batch, "user_items");
        BooleanArray? targets = batch.Schema.GetFieldIndex("is_target") < 0 ? null : BatchColumns.Full<BooleanArray>(batch, "is_target");
        _items ??= IdSet.For(items.Data.DataType);
        for (int row = from; row < to; row++)
        {
            int user = _users.Next(users, row);
            int item = _itemsOfUser.Next(items, row);
            if (user < 0 || (user == 0 && item <= 0))
            {
                throw new ArgumentException("the input of swing is not sorted by (user_id, item_id) without repeats");
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
    /// <param name="sorted">Numbers of <see cref="Items"/> in ascending order of the ids.</param>
    /// <param name="targets">The items whose similar ones are asked for, ascending.</param>
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
