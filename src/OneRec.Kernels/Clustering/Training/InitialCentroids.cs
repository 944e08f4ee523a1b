using System.Globalization;
using OneRec.Core;

namespace OneRec.Kernels.Clustering.Training;

/// <summary>Chooses a level's first centroids (docs/method/rq-kmeans.md, "Init").</summary>
public static class InitialCentroids
{
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
        if (mode == InitMode.KMeansPlusPlus)
        {
            SampleRow[] byId = [.. sample.OrderBy(row => row.Id)];
            int dims = byId[0].Vector.Length;
            var plusPlus = new KMeansPlusPlus(byId.SelectMany(row => row.Vector).ToArray(), dims, threads);
            chosen = new DistinctVectors(dims);
            foreach (int row in plusPlus.Choose(codes, random, cancellation))
            {
                chosen.Add(byId[row].Vector);
            }
        }

        for (long wanted = 2L * codes; chosen is null || chosen.Count < codes; wanted *= 2)
        {
            cancellation.ThrowIfCancellationRequested();
            int asked = (int)Math.Min(wanted, int.MaxValue);
            IReadOnlyList<SampleRow> rows = first(asked);
            chosen ??= new DistinctVectors(rows[0].Vector.Length);
            foreach (SampleRow row in rows)
            {
                if (chosen.Count == codes)
                {
                    break;
                }

                chosen.Add(row.Vector);
            }

            if (rows.Count < asked)
            {
                break;
            }
        }

        return chosen.Values.ToArray();
    }
}
