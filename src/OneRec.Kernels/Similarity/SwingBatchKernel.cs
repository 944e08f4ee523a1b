using System.Text.Json.Nodes;
using Apache.Arrow;
using Apache.Arrow.Types;
using OneRec.Kernels.Batches;
using OneRec.Kernels.Ids;

namespace OneRec.Kernels.Similarity;

/// <summary>
/// Kernel <c>swing</c>: the interactions of one partition, taken as the whole log, to their similar items.
/// </summary>
/// <remarks>
/// <para>
/// Input, sorted by (user_id, item_id), distinct: <c>user_id</c> and <c>item_id</c> (each BIGINT or STRING),
/// <c>user_items</c> BIGINT (|I_u| as it was before any cap on an item's users). Further columns are not read.
/// Side input <c>weights</c>: <c>user_items</c> BIGINT, <c>weight</c> DOUBLE = w(user_items), a row for each that occurs.
/// Parameters: those of <see cref="SwingParameters"/>.
/// </para>
/// <para>
/// Output: <c>item_id</c>, <c>similar_item_id</c>, <c>score</c> DOUBLE, <c>rank</c> INT from 1, <c>common_users</c> INT,
/// ordered by (item_id, rank). Interactions are held in memory and refused where they do not fit the task's budget.
/// </para>
/// </remarks>
public sealed class SwingBatchKernel : IBatchKernel
{
    /// <summary>The kernel's name in the registry.</summary>
    public const string Name = "swing";

    private const int RowsOfBatch = 1 << 18;
    private const long BytesOfBatch = 48L << 20;

    private readonly SwingParameters _parameters;

    /// <summary>A kernel with its parameters.</summary>
    /// <exception cref="ArgumentException">A parameter is missing or out of its range.</exception>
    public SwingBatchKernel(JsonObject parameters) => _parameters = SwingParameters.FromJson(parameters);

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The input is not as the remarks say.</exception>
    /// <exception cref="Core.OneRecException">The interactions do not fit the budget (<c>swing.memory</c>).</exception>
    public IEnumerable<RecordBatch> Run(IEnumerable<RecordBatch> rows, KernelContext context)
    {
        ArgumentNullException.ThrowIfNull(rows);
        ArgumentNullException.ThrowIfNull(context);
        var reader = new SwingReader(Weights(context), context.MemoryBudget);
        foreach (RecordBatch batch in rows)
        {
            context.Cancellation.ThrowIfCancellationRequested();
            reader.Read(batch);
        }

        if (reader.Items is not { Count: > 0 } ids)
        {
            yield break;
        }

        SwingGraph graph = reader.Build(out int[] sorted);
        int perTarget = Math.Max(1, Math.Min(_parameters.TopK, graph.Items - 1));
        long rowsOfBatch = Math.Min(RowsOfBatch, BytesOfBatch / (24 + (2 * ids.LongestBytes)));
        int block = (int)Math.Clamp(rowsOfBatch / perTarget, 1, graph.Items);
        SwingKernel kernel = Kernel(graph, ids, SwingNeighbours.Bytes(block, perTarget), context);
        var neighbours = new SwingNeighbours(block, perTarget);
        Action<long> progress = Progress(graph, context);
        for (int from = 0; from < graph.Items; from += block)
        {
            int to = Math.Min(from + block, graph.Items);
            kernel.Neighbours(from, to, neighbours, progress, context.Cancellation);
            if (Batch(ids, sorted, from, to, neighbours) is { } found)
            {
                yield return found;
            }
        }
    }

    private static Dictionary<long, double> Weights(KernelContext context)
    {
        var weights = new Dictionary<long, double>();
        foreach (RecordBatch batch in context.Side("weights"))
        {
            var counts = BatchColumns.Full<Int64Array>(batch, "user_items");
            var values = BatchColumns.Full<DoubleArray>(batch, "weight");
            for (int row = 0; row < batch.Length; row++)
            {
                weights[counts.GetValue(row)!.Value] = values.GetValue(row)!.Value;
            }
        }

        return weights;
    }

    private static Action<long> Progress(SwingGraph graph, KernelContext context)
    {
        var gate = new Lock();
        long done = 0;
        long told = -1;
        return pairs =>
        {
            long now = Interlocked.Add(ref done, pairs);
            if (context.Progress is null || now * 200.0 / Math.Max(1, graph.UserPairs) < told + 1)
            {
                return;
            }

            lock (gate)
            {
                told = (long)(now * 200.0 / Math.Max(1, graph.UserPairs));
                context.Progress(new KernelProgress(now, graph.UserPairs, "user pairs"));
            }
        };
    }

    /// <summary>A batch of a block's rows, or null where no target of it has any.</summary>
    private static RecordBatch? Batch(IdSet ids, int[] sorted, int from, int to, SwingNeighbours neighbours)
    {
        int length = 0;
        for (int t = 0; t < to - from; t++)
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
        for (int t = 0; t < to - from; t++)
        {
            ReadOnlySpan<SwingNeighbour> found = neighbours.Of(t);
            for (int r = 0; r < found.Length; r++)
            {
                items[row] = sorted[from + t];
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

    private SwingKernel Kernel(SwingGraph graph, IdSet ids, long rowBytes, KernelContext context)
    {
        long held = SwingGraph.Bytes(graph.Edges, graph.Users, graph.Items) + ids.Bytes + rowBytes;
        long least = SwingKernel.LeastBytes(graph);
        if (held + least > context.MemoryBudget)
        {
            throw SwingMemory.TooLarge(
                graph.Edges, graph.Users, graph.Items, held + least, context.MemoryBudget, "in all");
        }

        return new SwingKernel(
            graph, _parameters, context.Threads, SwingMethod.Automatic, context.MemoryBudget - held);
    }
}
