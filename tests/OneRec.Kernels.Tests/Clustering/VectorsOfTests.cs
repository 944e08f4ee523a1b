using OneRec.Core;

namespace OneRec.Kernels.Tests.Clustering;

/// <summary>Vectors that tests are made of.</summary>
internal static class VectorsOfTests
{
    /// <summary>Groups around centres: [n, d] row-major.</summary>
    public static float[] Clustered(int n, int d, int centres, ulong seed, float spread = 0.3f)
    {
        var random = new SplitMix64(seed);
        float[] at = Uniform(centres, d, ref random);
        var values = new float[n * d];
        for (int i = 0; i < n; i++)
        {
            int centre = (int)random.NextBelow(centres);
            for (int t = 0; t < d; t++)
            {
                values[(i * d) + t] = at[(centre * d) + t] + (spread * (float)((2 * random.NextDouble()) - 1));
            }
        }

        return values;
    }

    /// <summary>Uniform in [-1, 1): [n, d] row-major.</summary>
    public static float[] Uniform(int n, int d, ulong seed)
    {
        var random = new SplitMix64(seed);
        return Uniform(n, d, ref random);
    }

    private static float[] Uniform(int n, int d, ref SplitMix64 random)
    {
        var values = new float[n * d];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = (float)((2 * random.NextDouble()) - 1);
        }

        return values;
    }
}
