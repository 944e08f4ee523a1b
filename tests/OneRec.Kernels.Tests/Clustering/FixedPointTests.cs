using System.Numerics;
using CsCheck;
using OneRec.Kernels.Clustering;
using OneRec.Kernels.Tests.Clustering.Oracle;

namespace OneRec.Kernels.Tests.Clustering;

public sealed class FixedPointTests
{
    private static readonly Gen<float> AnyFinite = Gen.Float.Where(float.IsFinite);

    [Fact]
    public void Logarithms_come_from_exponent_bits()
    {
        foreach (float value in new[] { 1f, 2f, 1.5f, 0.5f, 3f, float.Epsilon, 1e-40f, float.MaxValue, MathF.BitIncrement(4f), MathF.BitDecrement(4f) })
        {
            Assert.Equal(SlowRqKMeans.CeilLog2(value), FixedPoint.CeilLog2(value));
        }

        foreach (long value in new[] { 1L, 2, 3, 4, 5, 1023, 1024, 1025, 1L << 40, (1L << 40) + 1 })
        {
            Assert.Equal(SlowRqKMeans.CeilLog2(value), FixedPoint.CeilLog2(value));
        }
    }

    [Fact]
    public void Sums_equal_whole_number_arithmetic_at_any_magnitude() => Gen.Select(AnyFinite.Array[1, 70], Gen.Int[1, 200_000])
        .Sample(
            (values, rows) =>
            {
                float max = values.Max(Math.Abs);
                FixedPoint fixedPoint = FixedPoint.ForSums(rows, max);
                var sums = new long[values.Length];
                FixedPoint.Add(values, sums, fixedPoint.Scale);
                FixedPoint.Add(values, sums, fixedPoint.Scale);
                for (int t = 0; t < values.Length; t++)
                {
                    BigInteger one = SlowRqKMeans.RoundHalfEven(values[t] * Math.ScaleB(1, fixedPoint.Shift));
                    Assert.Equal(one, fixedPoint.Quantize(values[t]));
                    Assert.Equal(2 * one, sums[t]);
                    Assert.True(BigInteger.Abs(one) * rows < BigInteger.Pow(2, 63), "a sum of all rows overflows");
                }
            },
            iter: 2000);

    [Fact]
    public void Halves_go_to_even()
    {
        var point = new FixedPoint(0);
        Assert.Equal([0L, 2, 2, 0, -2, -2], new[] { 0.5, 1.5, 2.5, -0.5, -1.5, -2.5 }.Select(point.Quantize));
        var sums = new long[16];
        FixedPoint.Add([0.5f, 1.5f, 2.5f, -0.5f, -1.5f, -2.5f, 3.5f, 4.5f, 0.5f, 1.5f, 2.5f, -0.5f, -1.5f, -2.5f, 3.5f, 4.5f], sums, 1.0);
        Assert.Equal([0L, 2, 2, 0, -2, -2, 4, 4, 0, 2, 2, 0, -2, -2, 4, 4], sums);
    }

    [Fact]
    public void The_greatest_error_fits()
    {
        foreach (float max in new[] { 1f, 0.75f, float.MaxValue, float.Epsilon })
        {
            foreach (int dims in new[] { 1, 3, 512 })
            {
                double greatest = 4.0 * dims * max * max;
                Assert.True(greatest * FixedPoint.ForErrors(dims, max).Scale <= Math.ScaleB(1, 61) * 1.001);
            }
        }
    }
}
