using CsCheck;
using OneRec.Kernels.Clustering;
using OneRec.Kernels.Clustering.Nearest;
using OneRec.Kernels.Tests.Clustering.Oracle;

namespace OneRec.Kernels.Tests.Clustering;

public sealed class NearestCentroidTests
{
    public static TheoryData<ScreeningPath> Paths => [.. Enum.GetValues<ScreeningPath>().Where(ScreeningPaths.IsSupported)];

    [Theory]
    [MemberData(nameof(Paths))]
    public void Codes_and_errors_equal_brute_force_in_double(ScreeningPath path)
    {
        foreach ((int n, int d, int k) in new[] { (1, 1, 1), (5, 1, 3), (50, 2, 7), (400, 3, 33), (700, 17, 65), (391, 64, 257), (100, 130, 40) })
        {
            AssertExact(VectorsOfTests.Clustered(n, d, 20, 1), VectorsOfTests.Clustered(k, d, 20, 2), d, path);
        }
    }

    [Theory]
    [MemberData(nameof(Paths))]
    public void Tie_goes_to_the_lowest_code(ScreeningPath path)
    {
        // Midway between codes 0 and 1, and on codes 2, 40 and 77, which are one point.
        var centroids = new float[80 * 2];
        for (int code = 0; code < 80; code++)
        {
            (centroids[2 * code], centroids[(2 * code) + 1]) = code is 2 or 40 or 77 ? (3f, 4f) : (100f + code, 9f);
        }

        (centroids[0], centroids[1], centroids[2], centroids[3]) = (-1f, 0f, 1f, 0f);
        using var nearest = new NearestCentroid(centroids, 2, path);
        var codes = new int[2];
        nearest.Find([0f, 0f, 3f, 4f], codes, new double[2]);
        Assert.Equal([0, 2], codes);
    }

    [Theory]
    [MemberData(nameof(Paths))]
    public void Duplicates_near_ties_and_far_offsets_are_exact(ScreeningPath path)
    {
        float[] few = VectorsOfTests.Uniform(9, 8, 3);
        float[] rows = [.. Enumerable.Range(0, 300).SelectMany(i => few.AsSpan(i % 9 * 8, 8).ToArray())];
        float[] centroids = [.. Enumerable.Range(0, 90).SelectMany(i => few.AsSpan(i % 9 * 8, 8).ToArray())];
        AssertExact(rows, centroids, 8, path);

        // Centroids one bit apart, rows far from the origin: screening decides next to nothing.
        float[] close = [.. few.Select(v => v + 4096f)];
        float[] closer = [.. close, .. close.Select(MathF.BitIncrement), .. close.Select(MathF.BitDecrement)];
        AssertExact([.. close, .. closer], closer, 8, path);
    }

    [Theory]
    [MemberData(nameof(Paths))]
    public void Rows_midway_between_centroids_are_exact(ScreeningPath path)
    {
        // Distances to two or more centroids agree to the last bits of FP32, so that screening alone would often be wrong.
        foreach (int d in new[] { 2, 16, 48, 200 })
        {
            float[] centroids = VectorsOfTests.Uniform(40, d, 31);
            var rows = new float[300 * d];
            for (int row = 0; row < 300; row++)
            {
                int a = row % 40, b = (row * 7 + 3) % 40;
                for (int t = 0; t < d; t++)
                {
                    rows[(row * d) + t] = (centroids[(a * d) + t] + centroids[(b * d) + t]) / 2;
                }
            }

            AssertExact(rows, centroids, d, path);

            // And centroids that differ in the last bit of one number.
            float[] twins = [.. centroids, .. centroids.Select((v, i) => i % d == i / d % d ? MathF.BitIncrement(v) : v)];
            AssertExact(rows, twins, d, path);
        }
    }

    [Theory]
    [MemberData(nameof(Paths))]
    public void Denormals_huge_numbers_and_both_at_once_are_exact(ScreeningPath path)
    {
        float[] unit = VectorsOfTests.Uniform(120, 5, 4);
        foreach (float scale in new[] { 1e-44f, 1e-38f, 1e-20f, 1e18f, 3e19f, 3e38f })
        {
            AssertExact([.. unit.Select(v => v * scale)], [.. unit.Take(200).Select(v => v * scale * 0.9f)], 5, path);
        }

        float[] mixed = [.. unit.Select((v, i) => i % 11 == 0 ? v * 3e38f : i % 7 == 0 ? v * 1e-40f : v)];
        AssertExact(mixed, mixed[..250], 5, path);
        AssertExact([0f, -0f, float.MaxValue, float.MinValue, float.Epsilon], [0f, float.MaxValue, float.MinValue], 1, path);
    }

    [Fact]
    public void Random_shapes_and_scales_are_exact() => Gen.Select(
            Gen.Int[1, 60], Gen.Int[1, 40], Gen.Int[1, 70], Gen.Int[-120, 120], Gen.ULong)
        .Sample(
            (n, d, k, exponent, seed) =>
            {
                float scale = (float)Math.ScaleB(1, exponent);
                float[] rows = [.. VectorsOfTests.Clustered(n, d, 5, seed).Select(v => v * scale)];
                float[] centroids = [.. VectorsOfTests.Clustered(k, d, 5, seed).Select(v => v * scale)];
                foreach (ScreeningPath path in Paths.Select(p => p.Data))
                {
                    AssertExact(rows, centroids, d, path);
                }
            },
            iter: 100);

    [Fact]
    public void Threads_and_place_in_the_block_do_not_change_bits()
    {
        const int d = 24;
        float[] rows = VectorsOfTests.Clustered(1000, d, 30, 5);
        using var nearest = new NearestCentroid(VectorsOfTests.Clustered(100, d, 30, 6), d);
        var codes = new int[1000];
        var errors = new double[1000];
        nearest.Find(rows, codes, errors);
        foreach (int threads in new[] { 2, 3, 8 })
        {
            var again = new int[1000];
            var errorsAgain = new double[1000];
            nearest.Find(rows, again, errorsAgain, threads);
            Assert.Equal(codes, again);
            Assert.Equal(errors, errorsAgain);
        }

        for (int row = 0; row < 1000; row += 37)
        {
            var alone = new int[1];
            var error = new double[1];
            nearest.Find(rows.AsSpan(row * d, d), alone, error);
            Assert.Equal((codes[row], errors[row]), (alone[0], error[0]));
        }
    }

    [Fact]
    public void Ordinary_data_is_nearly_all_decided_by_screening()
    {
        float[] rows = VectorsOfTests.Clustered(5000, 64, 100, 7);
        using var nearest = new NearestCentroid(VectorsOfTests.Clustered(256, 64, 100, 8), 64);
        nearest.Find(rows, new int[5000], new double[5000]);
        Assert.InRange(nearest.Rescored, 0, 100);
    }

    [Fact]
    public void Lengths_that_do_not_fit_are_refused()
    {
        Assert.Throws<ArgumentException>(() => new NearestCentroid([], 3));
        Assert.Throws<ArgumentException>(() => new NearestCentroid(new float[7], 3));
        using var nearest = new NearestCentroid(new float[6], 3);
        Assert.Throws<ArgumentException>(() => nearest.Find(new float[5], new int[2], new double[2]));
    }

    private static void AssertExact(float[] rows, float[] centroids, int d, ScreeningPath path)
    {
        int n = rows.Length / d;
        float[][] matrix = [.. centroids.Chunk(d)];
        using var nearest = new NearestCentroid(centroids, d, path);
        var codes = new int[n];
        var errors = new double[n];
        nearest.Find(rows, codes, errors);
        for (int row = 0; row < n; row++)
        {
            (int code, double error) = SlowRqKMeans.Nearest(rows[(row * d)..((row + 1) * d)], matrix);
            Assert.True(code == codes[row] && error == errors[row], $"{path} row {row} of {n} x {d}: {codes[row]} {errors[row]:R}, not {code} {error:R}");
        }
    }
}
