using System.Text.Json.Nodes;
using Apache.Arrow;
using Apache.Arrow.Types;
using OneRec.Kernels.Batches;
using OneRec.Kernels.Ids;

namespace OneRec.Kernels.Similarity;

/// <summary>
/// Kernel <c>swing</c>: computes the similar items of each part's targets, treating the part's interactions as the whole log.
/// </summary>
/// <remarks>
/// <para>
/// Input, sorted by (part, user_id, item_id), distinct: <c>part</c> INT (if missing, there is one part), <c>user_id</c> and
/// <c>item_id</c> (each BIGINT or STRING), <c>user_items</c> BIGINT (|I_u| before any cap on an item's users),
/// <c>is_target</c> BOOLEAN, the same in all rows of an item (if missing, all items are targets). A part contains all users
/// of its targets, each with all their items, because the overlap of two users includes items of other parts. Other
/// columns are ignored. Side input <c>weights</c>: <c>user_items</c> BIGINT, <c>weight</c> DOUBLE = w(user_items), one row
/// per value that occurs. Parameters: those of <see cref="SwingParameters"/>.
/// </para>
/// <para>
/// Output: <c>item_id</c>, <c>similar_item_id</c>, <c>score</c> DOUBLE, <c>rank</c> INT from 1, <c>common_users</c> INT,
/// ordered by (item_id, rank) within a part. A part's interactions are held in memory; if they exceed the task's budget,
/// the kernel fails.
/// </para>
/// </remarks>
public sealed class SwingBatchKernel : IBatchKernel
{
    /// <summary>The kernel's name in the registry.</summary>
    public const string Name = "swing";

    private const int RowsOfBatch = 1 << 18;
    private const long BytesOfBatch = 48L << 20;

    private readonly SwingParameters _parameters;

    /// <summary>Creates a kernel with its parameters.</summary>
    /// <exception cref="ArgumentException">A parameter is missing or out of range.</exception>
    public SwingBatchKernel(JsonObject parameters) => _parameters = SwingParameters.FromJson(parameters);

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The input is not as the remarks specify.</exception>
    /// <exception cref="Core.OneRecException">The interactions do not fit in the budget (<c>swing.memory</c>).</exception>
    public IEnumerable<RecordBatch> Run(IEnumerable<RecordBatch> rows, KernelContext context)
    {
        ArgumentNullException.ThrowIfNull(rows);
        ArgumentNullException.ThrowIfNull(context);
        Dictionary<long, double> weights = Weights(context);
        var reader = new SwingReader(weights, context.MemoryBudget);
        int? part = null;
        foreach (RecordBatch batch in rows)
        {
            context.Cancellation.ThrowIfCancellationRequested();
            foreach ((int number, int from, int to) in Parts(batch))
            {
                if (part is { } before && number != before)
                {
                    foreach (RecordBatch found in Similar(reader, context))
                    {
                        yield return found;
                    }

                    reader = new SwingReader(weights, context.MemoryBudget);
                }

                part = number;
                reader.Read(batch, from, to);
            }
        }

        foreach (RecordBatch found in Similar(reader, context))
        {
            yield return found;
        }
    }

    /// <summary>The runs of rows with the same part.</summary>
    private static IEnumerable<(int Part, int From, int To)> Parts(RecordBatch batch)
    {
        if (batch.Schema.GetFieldIndex("part") < 0)
        {
            yield return (0, 0, batch.Length);
            yield break;
        }

        var parts = BatchColumns.FindNonNull<Int32Array>(batch, "part");
        int from = 0;
        for (int to = 1; to <= batch.Length; to++)
        {
            if (to == batch.Length || parts.Values[to] != parts.Values[from])
            {
                yield return (parts.Values[from], from, to);
                from = to;
            }
        }
    }

    private static Dictionary<long, double> Weights(KernelContext context)
    {
        var weights = new Dictionary<long, double>();
        foreach (RecordBatch batch in context.Side("weights"))
        {
            var counts = BatchColumns.FindNonNull<Int64Array>(batch, "user_items");
            var values = BatchColumns.FindNonNull<DoubleArray>(batch, "weight");
            for (int row = 0; row < batch.Length; row++)
            {
                weights[counts.GetValue(row)!.Value] = values.GetValue(row)!.Value;
            }
        }

        return weights;
    }

    private static long UserPairs(SwingGraph graph, int[] targets) => targets.Sum(target =>
    {
        long users = graph.UsersOf(target).Length;
        return users * (users - 1) / 2;
    });

    private static Action<long> Progress(long total, KernelContext context)
    {
        var gate = new Lock();
        long done = 0;
        long reported = -1;
        return pairs =>
        {
            long now = Interlocked.Add(ref done, pairs);
            if (context.Progress is null || now * 200.0 / Math.Max(1, total) < reported + 1)
            {
                return;
            }

            lock (gate)
            {
                reported = (long)(now * 200.0 / Math.Max(1, total));
                context.Progress(new KernelProgress(now, total, "user pairs"));
            }
        };
    }

    /// <summary>The rows of a block as a batch; null if no target of the block has any.</summary>
    private static RecordBatch? Batch(IdSet ids, int[] sorted, ReadOnlySpan<int> targets, SwingNeighbours neighbours)
    {
        int length = 0;
        for (int t = 0; t < targets.Length; t++)
        {
            length += neighbours.Of(t).Length;
        }

        if (length == 0)
        {
            return null;
        }

        var items = new int[length];
        var similar = new int[length];
        var scores = new DoubleArray.Builder().Reserve(length);
        var ranks = new Int32Array.Builder().Reserve(length);
        var common = new Int32Array.Builder().Reserve(length);
        int row = 0;
        for (int t = 0; t < targets.Length; t++)
        {
            ReadOnlySpan<SwingNeighbour> found = neighbours.Of(t);
            for (int r = 0; r < found.Length; r++)
            {
                items[row] = sorted[targets[t]];
                similar[row] = sorted[found[r].Item];
                row++;
                scores.Append(found[r].Score);
                ranks.Append(r + 1);
                common.Append(found[r].Common);
            }
        }

        IArrowArray left = ids.Take(items);
        var schema = new Schema(
            [
                new Field("item_id", left.Data.DataType, false),
                new Field("similar_item_id", left.Data.DataType, false),
                new Field("score", DoubleType.Default, false),
                new Field("rank", Int32Type.Default, false),
                new Field("common_users", Int32Type.Default, false),
            ],
            null);
        return new RecordBatch(
            schema, [left, ids.Take(similar), scores.Build(), ranks.Build(), common.Build()], length);
    }

    private IEnumerable<RecordBatch> Similar(SwingReader reader, KernelContext context)
    {
        if (reader.Items is not { Count: > 0 } ids)
        {
            return [];
        }

        SwingGraph graph = reader.Build(out int[] sorted, out int[] targets);
        int perTarget = Math.Max(1, Math.Min(_parameters.TopK, graph.Items - 1));
        long rowsOfBatch = Math.Min(RowsOfBatch, BytesOfBatch / (24 + (2 * ids.LongestBytes)));
        int block = (int)Math.Clamp(rowsOfBatch / perTarget, 1, graph.Items);
        long pairs = UserPairs(graph, targets);
        SwingKernel kernel = Kernel(graph, ids, SwingNeighbours.Bytes(block, perTarget), pairs, context);
        var neighbours = new SwingNeighbours(block, perTarget);
        Action<long> progress = Progress(pairs, context);
        RecordBatch? Block(int from)
        {
            Memory<int> some = targets.AsMemory(from, Math.Min(block, targets.Length - from));
            kernel.Neighbours(some, neighbours, progress, context.Cancellation);
            return Batch(ids, sorted, some.Span, neighbours);
        }

        return Ahead(Enumerable.Range(0, (targets.Length + block - 1) / block).Select(b => b * block), Block);
    }

    /// <summary>Computes each block while the one before is written: a table is written by one thread.</summary>
    private static IEnumerable<RecordBatch> Ahead(IEnumerable<int> blocks, Func<int, RecordBatch?> compute)
    {
        Task<RecordBatch?>? next = null;
        try
        {
            foreach (int block in blocks)
            {
                RecordBatch? found = next?.GetAwaiter().GetResult();
                next = Task.Run(() => compute(block));
                if (found is not null)
                {
                    yield return found;
                }
            }

            RecordBatch? last = next?.GetAwaiter().GetResult();
            next = null;
            if (last is not null)
            {
                yield return last;
            }
        }
        finally
        {
            // Whoever stops reading early must not leave a block behind that still computes.
            if (next is not null)
            {
                ((Task)next).ContinueWith(static _ => { }, TaskScheduler.Default).Wait();
            }
        }
    }

    private SwingKernel Kernel(SwingGraph graph, IdSet ids, long rowBytes, long pairs, KernelContext context)
    {
        long held = SwingGraph.Bytes(graph.Edges, graph.Users, graph.Items) + ids.Bytes + rowBytes;
        long least = SwingKernel.LeastBytes(graph);
        if (held + least > context.MemoryBudget)
        {
            throw SwingMemory.TooLarge(
                graph.Edges, graph.Users, graph.Items, held + least, context.MemoryBudget, "in total");
        }

        return new SwingKernel(
            graph,
            _parameters,
            context.Threads,
            SwingMethod.Automatic,
            context.MemoryBudget - held,
            (double)pairs / Math.Max(1, graph.UserPairs));
    }
}
