using System.Text.Json.Nodes;
using Apache.Arrow;
using Apache.Arrow.Types;
using OneRec.Kernels.Batches;
using OneRec.Kernels.Clustering.Rows;

namespace OneRec.Kernels.Ranking;

/// <summary>The items with the largest cosine to each of a few vectors, exactly: every row is compared, in double.</summary>
/// <remarks>
/// Input columns by name: <c>item_id</c>, <c>embedding</c>. Side input <c>asked</c>: <c>place</c> int, <c>item_id</c>, <c>embedding</c>.
/// Output: <c>place</c>, <c>item_id</c>, <c>cosine</c>: at most <c>limit</c> rows of each place, of this partition; the nearest of all
/// partitions are among them. An item is not its own neighbour. The cosine with a vector of zeros is not defined: there is no row.
/// Ties go to the lower id. Memory: the asked vectors and their rows.
/// </remarks>
public sealed class NearestItemsKernel : IBatchKernel
{
    /// <summary>The kernel's name in the registry.</summary>
    public const string Name = "nearest-items";

    /// <summary>The name of the side input.</summary>
    public const string AskedSide = "asked";

    private readonly int _limit;

    private NearestItemsKernel(int limit) => _limit = limit;

    /// <summary>A call of this kernel.</summary>
    /// <param name="id">The type of <c>item_id</c>.</param>
    /// <param name="limit">Neighbours of each vector, at least 1.</param>
    public static KernelCall Call(IArrowType id, int limit) => new(Name, new JsonObject { ["limit"] = limit }, Output(id));

    /// <summary>Creates the kernel.</summary>
    /// <exception cref="ArgumentException">The limit is missing or below 1.</exception>
    public static NearestItemsKernel Create(JsonObject parameters)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        int limit = KernelColumns.Parameter<int>(parameters, "limit", Name);
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1, nameof(parameters));
        return new NearestItemsKernel(limit);
    }

    /// <inheritdoc/>
    /// <exception cref="Core.OneRecException">A vector has another length than those asked for (names the item).</exception>
    public IEnumerable<RecordBatch> Run(IEnumerable<RecordBatch> rows, KernelContext context)
    {
        ArgumentNullException.ThrowIfNull(rows);
        ArgumentNullException.ThrowIfNull(context);
        List<Asked>? asked = null;
        IArrowType? id = null;
        long done = 0;
        foreach (RecordBatch batch in rows)
        {
            context.Cancellation.ThrowIfCancellationRequested();
            asked ??= Read(context.Side(AskedSide));
            IArrowArray ids = KernelColumns.Find(batch, "item_id", Name);
            id = ids.Data.DataType;
            Compare(batch, IdColumn.Of(ids), asked);
            done += batch.Length;
            context.Progress?.Invoke(new KernelProgress(done, 0, "items"));
        }

        if (asked is not null)
        {
            yield return Found(id!, asked);
        }
    }

    private static Schema Output(IArrowType id) => new(
        [
            new Field("place", Int32Type.Default, nullable: false),
            new Field("item_id", id, nullable: false),
            new Field("cosine", DoubleType.Default, nullable: false),
        ],
        null);

    private List<Asked> Read(IEnumerable<RecordBatch> batches)
    {
        var asked = new List<Asked>();
        foreach (RecordBatch batch in batches)
        {
            using (batch)
            {
                var places = (Int32Array)KernelColumns.Find(batch, "place", Name);
                IdColumn ids = IdColumn.Of(KernelColumns.Find(batch, "item_id", Name));
                VectorColumn vectors = VectorColumn.Of(KernelColumns.Find(batch, "embedding", Name));
                for (int row = 0; row < batch.Length; row++)
                {
                    asked.Add(new Asked(places.Values[row], ids[row], vectors[row].ToArray(), _limit));
                }
            }
        }

        return asked;
    }

    private static void Compare(RecordBatch batch, IdColumn ids, List<Asked> asked)
    {
        if (asked.Count == 0)
        {
            return;
        }

        int dims = asked[0].Vector.Length;
        ReadOnlySpan<float> vectors = VectorColumn.Of(KernelColumns.Find(batch, "embedding", Name)).Matrix(dims, ids);
        for (int row = 0; row < batch.Length; row++)
        {
            ReadOnlySpan<float> vector = vectors.Slice(row * dims, dims);
            double norm = Math.Sqrt(Dot(vector, vector));
            foreach (Asked one in asked)
            {
                double cosine = Dot(one.Vector, vector) / (one.Norm * norm);
                if (double.IsFinite(cosine) && one.Takes(cosine))
                {
                    one.Add(cosine, ids[row]);
                }
            }
        }
    }

    private static RecordBatch Found(IArrowType id, List<Asked> asked)
    {
        (int Place, double Cosine, ItemId Id)[] all = [.. asked.SelectMany(a => a.Nearest.Select(n => (a.Place, n.Cosine, n.Id)))];
        return new RecordBatch(
            Output(id),
            [
                new Int32Array.Builder().AppendRange(all.Select(n => n.Place)).Build(),
                IdColumn.Build(id, all.Select(n => (ItemId?)n.Id)),
                new DoubleArray.Builder().AppendRange(all.Select(n => n.Cosine)).Build(),
            ],
            all.Length);
    }

    private static double Dot(ReadOnlySpan<float> left, ReadOnlySpan<float> right)
    {
        double sum = 0;
        for (int t = 0; t < left.Length; t++)
        {
            sum += (double)left[t] * right[t];
        }

        return sum;
    }

    /// <summary>A vector and the nearest items so far, nearest first.</summary>
    private sealed class Asked(int place, ItemId id, float[] vector, int limit)
    {
        public int Place => place;

        public float[] Vector => vector;

        public double Norm { get; } = Math.Sqrt(Dot(vector, vector));

        public List<(double Cosine, ItemId Id)> Nearest { get; } = [];

        // An id is read only where the cosine may count.
        public bool Takes(double cosine) => Nearest.Count < limit || cosine >= Nearest[^1].Cosine;

        public void Add(double cosine, ItemId other)
        {
            if (other == id)
            {
                return;
            }

            int at = Nearest.FindIndex(n => cosine > n.Cosine || (cosine == n.Cosine && other < n.Id));
            Nearest.Insert(at < 0 ? Nearest.Count : at, (cosine, other));
            if (Nearest.Count > limit)
            {
                Nearest.RemoveAt(limit);
            }
        }
    }
}
