using Apache.Arrow;
using OneRec.Kernels.Clustering.Rows;

namespace OneRec.Kernels.Clustering.Batches;

/// <summary>Statistics of the vectors of one dimension; parts can be merged in any order.</summary>
/// <param name="dims">The dimension.</param>
public sealed class VectorStats(int dims)
{
    private readonly List<double> _norms = [];

    /// <summary>The dimension.</summary>
    public int Dims => dims;

    /// <summary>Number of rows.</summary>
    public long Rows { get; private set; }

    /// <summary>The lowest id.</summary>
    public ItemId? LowestId { get; private set; }

    /// <summary>The maximum absolute value in the finite rows.</summary>
    public float MaxAbs { get; private set; }

    /// <summary>The maximum norm of the finite rows.</summary>
    public double MaxNorm { get; private set; } = -1;

    /// <summary>The lowest id with that norm.</summary>
    public ItemId? MaxNormId { get; private set; }

    /// <summary>The lowest id of a row that is null or not finite.</summary>
    public ItemId? BadId { get; private set; }

    /// <summary>Norms greater than 0, unordered; empty unless requested.</summary>
    public IReadOnlyList<double> Norms => _norms;

    /// <summary>Reads the rows of <see cref="VectorStatsKernel"/> and merges the partitions.</summary>
    /// <returns>One element per dimension, ascending.</returns>
    public static IReadOnlyList<VectorStats> Read(IEnumerable<RecordBatch> batches)
    {
        ArgumentNullException.ThrowIfNull(batches);
        var lengths = new SortedDictionary<int, VectorStats>();
        foreach (RecordBatch batch in batches)
        {
            using (batch)
            {
                var dimsOf = (Int32Array)batch.Column(0);
                for (int row = 0; row < batch.Length; row++)
                {
                    int length = dimsOf.Values[row];
                    if (!lengths.TryGetValue(length, out VectorStats? stats))
                    {
                        lengths.Add(length, stats = new VectorStats(length));
                    }

                    stats.Merge(batch, row);
                }
            }
        }

        return [.. lengths.Values];
    }

    /// <summary>Adds a row.</summary>
    internal void Add(IdColumn ids, int row, VectorColumn vectors, bool norms)
    {
        ReadOnlySpan<float> vector = vectors[row];
        ItemId id = ids[row];
        Rows++;
        LowestId = Lower(LowestId, id);
        float greatest = 0;
        bool finite = !vectors.HasNull(row);
        foreach (float value in vector)
        {
            greatest = Math.Max(greatest, Math.Abs(value));
            finite &= float.IsFinite(value);
        }

        if (!finite)
        {
            BadId = Lower(BadId, id);
            return;
        }

        MaxAbs = Math.Max(MaxAbs, greatest);
        double norm = Math.Sqrt(ExactDistance.OfOrigin(vector));
        TakeNorm(norm, id);
        if (norms && norm > 0)
        {
            _norms.Add(norm);
        }
    }

    private void Merge(RecordBatch batch, int row)
    {
        Rows += ((Int64Array)batch.Column(1)).Values[row];
        LowestId = Lower(LowestId, IdAt(batch.Column(2), row));
        MaxAbs = Math.Max(MaxAbs, ((FloatArray)batch.Column(3)).Values[row]);
        if (IdAt(batch.Column(5), row) is { } id)
        {
            TakeNorm(((DoubleArray)batch.Column(4)).Values[row], id);
        }

        BadId = Lower(BadId, IdAt(batch.Column(6), row));
        var norms = (ListArray)batch.Column(7);
        var values = (DoubleArray)norms.Values;
        _norms.AddRange(values.Values.Slice(norms.ValueOffsets[row], norms.GetValueLength(row)));
    }

    private void TakeNorm(double norm, ItemId id)
    {
        if (norm > MaxNorm || (norm == MaxNorm && id < MaxNormId))
        {
            (MaxNorm, MaxNormId) = (norm, id);
        }
    }

    private static ItemId? IdAt(IArrowArray column, int row) => column switch
    {
        _ when column.IsNull(row) => null,
        Int64Array numbers => ItemId.Of(numbers.Values[row]),
        _ => ItemId.Of(((StringArray)column).GetBytes(row)),
    };

    private static ItemId? Lower(ItemId? a, ItemId? b) => a is null ? b : b is null || a < b ? a : b;
}
