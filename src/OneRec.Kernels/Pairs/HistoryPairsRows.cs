using Apache.Arrow;
using OneRec.Kernels.Ids;

namespace OneRec.Kernels.Pairs;

/// <summary>Gathers output rows of <see cref="HistoryPairsBatchKernel"/> into batches.</summary>
internal sealed class HistoryPairsRows(IdSet ids)
{
    private const int RowsOfBatch = 1 << 16;

    private readonly List<int> _targets = [];
    private readonly List<int> _partners = [];
    private readonly List<double> _scores = [];
    private readonly List<(string Reason, long Count)> _dropped = [];

    /// <summary>Rows gathered.</summary>
    public int Length => _targets.Count + _dropped.Count;

    /// <summary>Whether a batch should be taken now.</summary>
    public bool IsFull => _targets.Count >= Math.Clamp((48L << 20) / (32 + (2 * ids.LongestBytes)), 1, RowsOfBatch);

    /// <summary>Adds a pair.</summary>
    public void Add(int target, int partner, double score)
    {
        _targets.Add(target);
        _partners.Add(partner);
        _scores.Add(score);
    }

    /// <summary>Adds a statistics row, after all pairs.</summary>
    public void AddDropped(string reason, long count) => _dropped.Add((reason, count));

    /// <summary>The rows as a batch; gathering starts anew.</summary>
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
