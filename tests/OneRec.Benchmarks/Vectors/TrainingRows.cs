using System.Numerics.Tensors;
using OneRec.Core;
using OneRec.Kernels.Clustering;
using OneRec.Kernels.Clustering.Rows;
using OneRec.Kernels.Clustering.Training;

namespace OneRec.Benchmarks.Vectors;

/// <summary>Rows laid out by batch, and the order of init, as step <c>train</c> has them; ids are row numbers.</summary>
internal sealed class TrainingRows
{
    private readonly int _dims;
    private readonly (int Batch, int Row)[] _initOrder;

    /// <summary>Lays rows out.</summary>
    /// <param name="rows">[n, d] row-major.</param>
    /// <param name="dims">d.</param>
    /// <param name="seed">The seed of batches and init.</param>
    /// <param name="batches">Batches.</param>
    public TrainingRows(float[] rows, int dims, long seed, int batches)
    {
        int n = rows.Length / dims;
        var members = Enumerable.Range(0, batches).Select(_ => new List<int>()).ToList();
        var hashes = new long[n];
        var places = new (int Batch, int Row)[n];
        for (int i = 0; i < n; i++)
        {
            string id = ItemId.Of((long)i).ToString();
            int batch = (int)(((ulong)StableHash.Order32(seed, "batch", id) * (ulong)batches) >> 32);
            hashes[i] = StableHash.Order32(seed, "init", id);
            places[i] = (batch, members[batch].Count);
            members[batch].Add(i);
        }

        int[] order = [.. Enumerable.Range(0, n).OrderBy(i => hashes[i]).ThenBy(i => i)];
        _dims = dims;
        _initOrder = [.. order.Select(i => places[i])];
        Vectors = [.. members.Select(batch => Gathered(rows, batch, dims))];
        Ids = [.. members.Select(m => m.Select(i => ItemId.Of((long)i)).ToArray())];
    }

    /// <summary>Vectors of each batch, [n_b, d] row-major.</summary>
    public IReadOnlyList<float[]> Vectors { get; }

    /// <summary>Ids of each batch's rows.</summary>
    public IReadOnlyList<ItemId[]> Ids { get; }

    /// <summary>Rows.</summary>
    public int Count => _initOrder.Length;

    /// <summary>The greatest number by size.</summary>
    public float MaxAbs() => Vectors.Max(batch => batch.Length == 0 ? 0 : Math.Abs(TensorPrimitives.MaxMagnitude<float>(batch)));

    /// <summary>The first rows in the order of init.</summary>
    public IReadOnlyList<SampleRow> First(int wanted) =>
    [
        .. _initOrder.Take(wanted).Select((place, at) => new SampleRow(
            at, Ids[place.Batch][place.Row], Vectors[place.Batch].AsSpan(place.Row * _dims, _dims).ToArray())),
    ];

    /// <summary>Assigns all rows and leaves their residuals.</summary>
    /// <param name="centroids">[k, d] row-major.</param>
    /// <param name="threads">Threads to use.</param>
    /// <returns>Mean error a row, share of codes used, entropy of the codes in nats.</returns>
    public (double Mse, double Utilization, double Entropy) Subtract(float[] centroids, int threads)
    {
        using var nearest = new NearestCentroid(centroids, _dims);
        var counts = new long[nearest.Codes];
        double error = 0;
        for (int batch = 0; batch < Vectors.Count; batch++)
        {
            var codes = new int[Ids[batch].Length];
            var errors = new double[codes.Length];
            nearest.Find(Vectors[batch], codes, errors, threads);
            Residual.Subtract(Vectors[batch], centroids, codes, _dims);
            error += errors.Sum();
            foreach (int code in codes)
            {
                counts[code]++;
            }
        }

        return (
            error / Count,
            counts.Count(c => c > 0) / (double)counts.Length,
            -counts.Where(c => c > 0).Sum(c => c / (double)Count * Math.Log(c / (double)Count)));
    }

    private static float[] Gathered(float[] rows, List<int> members, int dims)
    {
        var vectors = new float[members.Count * dims];
        for (int at = 0; at < members.Count; at++)
        {
            rows.AsSpan(members[at] * dims, dims).CopyTo(vectors.AsSpan(at * dims));
        }

        return vectors;
    }
}
