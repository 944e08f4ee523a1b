using System.Text.Json.Nodes;
using Apache.Arrow;
using Apache.Arrow.Types;
using OneRec.Kernels.Batches;
using OneRec.Kernels.Ids;

namespace OneRec.Kernels.Pairs;

/// <summary>Kernel <c>history-pairs</c>: each user's clicks to pairs, a user at a time.</summary>
/// <remarks>
/// <para>
/// Input, keyed by user and sorted by (user_id, event_time, item_id), one row a distinct (user, item) at its latest
/// positive time: <c>user_id</c> and <c>item_id</c> (each BIGINT or STRING), <c>event_time</c> BIGINT microseconds,
/// <c>is_target</c> BOOLEAN (those to find a partner for), <c>over_targets</c> BIGINT (in the row of the user's newest click
/// how many clicks are nowhere targets, else 0; counted where that row is a target). Before a target come all clicks that
/// its history may reach.
/// Side input <c>similarity</c>: <c>item_id</c>, <c>similar_item_id</c>, <c>score</c> DOUBLE, in any order, held in memory:
/// all rows of each target's item. Parameters: those of <see cref="HistoryPairsParameters"/>.
/// </para>
/// <para>
/// Output: <c>item_id</c>, <c>pair_item_id</c>, <c>score</c> DOUBLE, <c>dropped</c> STRING, <c>count</c> BIGINT. A pair
/// has <c>dropped</c> null and <c>count</c> 1; a statistics row has ids and score null, a reason of
/// <see cref="DroppedClicks"/> and a count. Held besides the similarity: one user's clicks and one output batch.
/// </para>
/// </remarks>
public sealed class HistoryPairsBatchKernel : IBatchKernel
{
    /// <summary>The kernel's name in the registry.</summary>
    public const string Name = "history-pairs";

    private readonly HistoryPairsParameters _parameters;

    /// <summary>A kernel with its parameters.</summary>
    /// <exception cref="ArgumentException">A parameter is missing or out of its range.</exception>
    public HistoryPairsBatchKernel(JsonObject parameters) => _parameters = HistoryPairsParameters.FromJson(parameters);

    /// <summary>The output's columns.</summary>
    /// <param name="id">The type of item ids: BIGINT or STRING.</param>
    public static Schema Output(IArrowType id) => new(
        [
            new Field("item_id", id, true),
            new Field("pair_item_id", id, true),
            new Field("score", DoubleType.Default, true),
            new Field("dropped", StringType.Default, true),
            new Field("count", Int64Type.Default, false),
        ],
        null);

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The input is not as the remarks say.</exception>
    public IEnumerable<RecordBatch> Run(IEnumerable<RecordBatch> rows, KernelContext context)
    {
        ArgumentNullException.ThrowIfNull(rows);
        ArgumentNullException.ThrowIfNull(context);
        (IdSet? ids, SimilarityTable similarity) = SimilarityReader.Read(context);
        var kernel = new HistoryPairsKernel(similarity, _parameters);
        var dropped = new DroppedClicks();
        var run = new IdRun();
        var clicks = new UserClicks();
        HistoryPairsRows? output = null;
        long done = 0;
        foreach (RecordBatch batch in rows)
        {
            context.Cancellation.ThrowIfCancellationRequested();
            IArrowArray users = BatchColumns.Named(batch, "user_id");
            IArrowArray items = BatchColumns.Named(batch, "item_id");
            var times = BatchColumns.Full<Int64Array>(batch, "event_time");
            var targets = BatchColumns.Full<BooleanArray>(batch, "is_target");
            var over = BatchColumns.Full<Int64Array>(batch, "over_targets");
            ids ??= IdSet.For(items.Data.DataType);
            output ??= new HistoryPairsRows(ids);
            for (int row = 0; row < batch.Length; row++)
            {
                int order = run.Next(users, row);
                if (order < 0)
                {
                    throw new ArgumentException("the input of history-pairs is not sorted by user_id");
                }

                if (order > 0)
                {
                    kernel.Pair(clicks, dropped, output.Add);
                    clicks.Clear();
                    if (output.IsFull)
                    {
                        yield return output.Take();
                    }
                }

                bool isTarget = targets.GetValue(row)!.Value;
                clicks.Add(ids.Find(items, row), times.Values[row], isTarget);
                dropped.OverTargets += isTarget ? over.Values[row] : 0;
            }

            done += batch.Length;
            context.Progress?.Invoke(new KernelProgress(done, 0, "clicks"));
        }

        if (output is null)
        {
            yield break;
        }

        kernel.Pair(clicks, dropped, output.Add);
        foreach ((string reason, long count) in dropped.Rows())
        {
            output.AddDropped(reason, count);
        }

        if (output.Length > 0)
        {
            yield return output.Take();
        }
    }
}
