using System.Text.Json.Nodes;
using Apache.Arrow;
using Apache.Arrow.Types;
using OneRec.Kernels.Batches;
using OneRec.Kernels.Ids;

namespace OneRec.Kernels.Pairs;

/// <summary>Kernel <c>history-pairs</c>: turns clicks into item pairs, one user at a time.</summary>
/// <remarks>
/// <para>
/// Input, keyed by user and sorted by (user_id, event_time, item_id), one row per distinct (user, item) with the time of
/// its latest positive click: <c>user_id</c> and <c>item_id</c> (each BIGINT or STRING), <c>event_time</c> BIGINT
/// microseconds, <c>is_target</c> BOOLEAN (whether to find a partner for the click), <c>over_targets</c> BIGINT (in the row
/// of the user's newest click, the number of clicks that are not targets anywhere, otherwise 0; counted if that row is a
/// target). All clicks that a target's history can reach come before it.
/// Side input <c>similarity</c>: <c>item_id</c>, <c>similar_item_id</c>, <c>score</c> DOUBLE, in any order, held in memory;
/// it contains all rows of each target's item. Parameters: those of <see cref="HistoryPairsParameters"/>.
/// </para>
/// <para>
/// Output: <c>item_id</c>, <c>pair_item_id</c>, <c>score</c> DOUBLE, <c>dropped</c> STRING, <c>count</c> BIGINT. A pair
/// has <c>dropped</c> null and <c>count</c> 1; a statistics row has null ids and score, a reason from
/// <see cref="DroppedClicks"/> and a count. Besides the similarity, one user's clicks and one output batch are in memory.
/// </para>
/// </remarks>
public sealed class HistoryPairsBatchKernel : IBatchKernel
{
    /// <summary>The kernel's name in the registry.</summary>
    public const string Name = "history-pairs";

    private readonly HistoryPairsParameters _parameters;

    /// <summary>Creates a kernel with its parameters.</summary>
    /// <exception cref="ArgumentException">A parameter is missing or out of range.</exception>
    public HistoryPairsBatchKernel(JsonObject parameters) => _parameters = HistoryPairsParameters.FromJson(parameters);

    /// <summary>The output columns.</summary>
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
    /// <exception cref="ArgumentException">The input is not as the remarks specify.</exception>
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
            IArrowArray users = BatchColumns.Find(batch, "user_id");
            IArrowArray items = BatchColumns.Find(batch, "item_id");
            var times = BatchColumns.FindNonNull<Int64Array>(batch, "event_time");
            var targets = BatchColumns.FindNonNull<BooleanArray>(batch, "is_target");
            var over = BatchColumns.FindNonNull<Int64Array>(batch, "over_targets");
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

/// <summary>Collects the output rows of <see cref="HistoryPairsBatchKernel"/> into batches.</summary>
internal sealed class HistoryPairsRows(IdSet ids)
{
    private const int RowsOfBatch = 1 << 16;

    private readonly List<int> _targets = [];
    private readonly List<int> _partners = [];
    private readonly List<double> _scores = [];
    private readonly List<(string Reason, long Count)> _dropped = [];

    /// <summary>Rows collected.</summary>
    public int Length => _targets.Count + _dropped.Count;

    /// <summary>Whether it is time to call <see cref="Take"/>.</summary>
    public bool IsFull => _targets.Count >= Math.Clamp((48L << 20) / (32 + (2 * ids.LongestBytes)), 1, RowsOfBatch);

    /// <summary>Adds a pair.</summary>
    public void Add(int target, int partner, double score)
    {
        _targets.Add(target);
        _partners.Add(partner);
        _scores.Add(score);
    }

    /// <summary>Adds a statistics row; only after all pairs.</summary>
    public void AddDropped(string reason, long count) => _dropped.Add((reason, count));

    /// <summary>Returns the rows as a batch and starts a new one.</summary>
    public RecordBatch Take()
    {
        var scores = new DoubleArray.Builder().Reserve(Length);
        var reasons = new StringArray.Builder().Reserve(Length);
        var counts = new Int64Array.Builder().Reserve(Length);
        foreach (double score in _scores)
        {
            scores.Append(score);
            reasons.AppendNull();
            counts.Append(1);
        }

        foreach ((string reason, long count) in _dropped)
        {
            scores.AppendNull();
            reasons.Append(reason);
            counts.Append(count);
        }

        IArrowArray targets = ids.Take([.. _targets], _dropped.Count);
        Schema schema = HistoryPairsBatchKernel.Output(targets.Data.DataType);
        IArrowArray[] columns =
            [targets, ids.Take([.. _partners], _dropped.Count), scores.Build(), reasons.Build(), counts.Build()];
        var batch = new RecordBatch(schema, columns, Length);
        _targets.Clear();
        _partners.Clear();
        _scores.Clear();
        _dropped.Clear();
        return batch;
    }
}
