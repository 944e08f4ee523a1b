using System.Globalization;
using System.Text.Json.Serialization;
using Apache.Arrow;
using OneRec.Core;
using OneRec.Kernels.Clustering.Rows;

namespace OneRec.Kernels.Clustering.Training;

/// <summary>Chooses the initial centroids of a level (docs/method/rq-kmeans.md, "Init").</summary>
/// <remarks>
/// In many dimensions, rows are about as far from each other as from the origin. A centroid that is itself a row then
/// serves few other rows, most rows go to the few centroids nearest to the mean, and k-means does not recover from that.
/// Centroids moved towards their mean start on equal terms.
/// </remarks>
public static class InitialCentroids
{
    /// <summary>The fraction of a chosen vector's distance to the mean that is kept.</summary>
    private const double Shrink = 0.25;

    /// <summary>The random generator of a level.</summary>
    public static SplitMix64 Generator(long seed, int level) => new(ulong.Parse(
        StableHash.Sha256($"{seed}|init|{level}").AsSpan(0, 16),
        NumberStyles.AllowHexSpecifier,
        CultureInfo.InvariantCulture));

    /// <summary>Chooses up to k distinct vectors from the level's rows.</summary>
    /// <param name="mode">The method.</param>
    /// <param name="codes">k.</param>
    /// <param name="random">The level's generator.</param>
    /// <param name="sample">k-means++: the sample in any order. Random: ignored.</param>
    /// <param name="first">Returns the first rows of the whole level in init order: the requested number, or all.</param>
    /// <param name="threads">Threads to use.</param>
    /// <param name="cancellation">Checked between steps.</param>
    /// <returns>[k', d] row-major; k' is below k only if the level has only k' distinct vectors.</returns>
    public static float[] Choose(
        InitMode mode,
        int codes,
        SplitMix64 random,
        IReadOnlyList<SampleRow> sample,
        Func<int, IReadOnlyList<SampleRow>> first,
        int threads,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(sample);
        ArgumentNullException.ThrowIfNull(first);
        DistinctVectors? chosen = null;
        bool covered = true;
        if (mode == InitMode.KMeansPlusPlus)
        {
            SampleRow[] byId = [.. sample.OrderBy(row => row.Id)];
            int dims = byId[0].Vector.Length;
            var plusPlus = new KMeansPlusPlus([.. byId.Select(row => row.Vector)], dims, threads);
            chosen = new DistinctVectors(dims);
            foreach (int row in plusPlus.Choose(codes, random, cancellation))
            {
                chosen.Add(byId[row].Vector);
            }

            covered = byId.All(row => chosen.Contains(row.Vector));
        }

        for (long wanted = 2L * codes; chosen is null || chosen.Count < codes; wanted *= 2)
        {
            cancellation.ThrowIfCancellationRequested();
            int asked = (int)Math.Min(wanted, int.MaxValue);
            IReadOnlyList<SampleRow> rows = first(asked);
            chosen ??= new DistinctVectors(rows[0].Vector.Length);
            foreach (SampleRow row in rows)
            {
                if (chosen.Count < codes)
                {
                    chosen.Add(row.Vector);
                }
                else if (!chosen.Contains(row.Vector))
                {
                    covered = false;
                    break;
                }
            }

            if (rows.Count < asked)
            {
                break;
            }
        }

        float[] centroids = chosen.Values.ToArray();
        if (!covered)
        {
            MoveTowardsMean(centroids, chosen.Count);
        }

        return centroids;
    }

    private static void MoveTowardsMean(float[] centroids, int codes)
    {
        int dims = centroids.Length / codes;
        for (int t = 0; t < dims; t++)
        {
            double mean = 0;
            for (int at = t; at < centroids.Length; at += dims)
            {
                mean += centroids[at];
            }

            mean /= codes;
            for (int at = t; at < centroids.Length; at += dims)
            {
                centroids[at] = (float)(mean + ((centroids[at] - mean) * Shrink));
            }
        }
    }
}

/// <summary>How a level's initial centroids are chosen.</summary>
public enum InitMode
{
    /// <summary>Greedy k-means++ over the sample.</summary>
    [JsonStringEnumMemberName("kmeans++")]
    KMeansPlusPlus,

    /// <summary>The distinct vectors with the lowest hashes.</summary>
    [JsonStringEnumMemberName("random")]
    Random,
}

/// <summary>A training row that is a candidate for init.</summary>
/// <param name="Hash">Its <c>init</c> hash.</param>
/// <param name="Id">Its item id.</param>
/// <param name="Vector">[d].</param>
public sealed record SampleRow(long Hash, ItemId Id, float[] Vector)
{
    /// <summary>The init order: (hash, id).</summary>
    public static IComparer<SampleRow> InitOrder { get; } = Comparer<SampleRow>.Create((a, b) =>
        a.Hash != b.Hash ? a.Hash.CompareTo(b.Hash) : a.Id.CompareTo(b.Id));

    /// <summary>Reads training rows and sorts them in init order.</summary>
    /// <param name="batches">Columns by name: <c>item_id</c>, <c>init_hash</c>, <c>vector</c>; disposed here.</param>
    public static List<SampleRow> Read(IEnumerable<RecordBatch> batches)
    {
        ArgumentNullException.ThrowIfNull(batches);
        var rows = new List<SampleRow>();
        foreach (RecordBatch batch in batches)
        {
            using (batch)
            {
                IdColumn ids = IdColumn.Of(KernelColumns.Find(batch, "item_id", "sample"));
                var hashes = (Int64Array)KernelColumns.Find(batch, "init_hash", "sample");
                VectorColumn vectors = VectorColumn.Of(KernelColumns.Find(batch, "vector", "sample"));
                for (int row = 0; row < batch.Length; row++)
                {
                    rows.Add(new SampleRow(hashes.Values[row], ids[row], vectors[row].ToArray()));
                }
            }
        }

        rows.Sort(InitOrder);
        return rows;
    }
}
