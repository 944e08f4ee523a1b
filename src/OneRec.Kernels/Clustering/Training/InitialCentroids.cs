using System.Globalization;
using OneRec.Core;

namespace OneRec.Kernels.Clustering.Training;

/// <summary>Chooses a level's first centroids (docs/method/rq-kmeans.md, "Init").</summary>
/// <remarks>
/// Rows of many dimensions lie about as far from each other as from nothing, so a centroid that is one of them serves few
/// others, and most rows fall to the few centroids nearest to the middle; k-means does not get out of that. Centroids drawn
/// towards their mean start on equal terms.
/// </remarks>
public static class InitialCentroids
{
    /// <summary>What is left of a chosen vector's distance to the mean of all.</summary>
    private const double Shrink = 0.25;

    /// <summary>The level's generator.</summary>
    public static SplitMix64 Generator(long seed, int level) => new(ulong.Parse(
        StableHash.Sha256($"{seed}|init|{level}").AsSpan(0, 16),
        NumberStyles.AllowHexSpecifier,
        CultureInfo.InvariantCulture));

    /// <summary>Chooses up to k distinct vectors of the level's rows.</summary>
    /// <param name="mode">How.</param>
    /// <param name="codes">k.</param>
    /// <param name="random">The level's generator.</param>
    /// <param name="sample">k-means++: the sample in any order. Random: ignored.</param>
    /// <param name="first">Gives the first rows of the whole level in the order of init, that many or all there are.</param>
    /// <param name="threads">Threads to use.</param>
    /// <param name="cancellation">Checked between steps.</param>
    /// <returns>[k', d] row-major; k' below k only where the level has k' distinct vectors.</returns>
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
            DrawTogether(centroids, chosen.Count);
        }

        return centroids;
    }

    private static void DrawTogether(float[] centroids, int codes)
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
