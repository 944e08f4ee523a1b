using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace OneRec.Kernels.Clustering;

/// <summary>
/// Sums numbers as 64-bit integers with a common scale of 2^<see cref="Shift"/>. Integer addition is associative, so a sum
/// does not depend on threads, blocks, partitions or row order (docs/method/rq-kmeans.md, "Levels").
/// </summary>
/// <param name="Shift">A number x is represented by the integer nearest to x * 2^Shift, ties to even.</param>
public readonly record struct FixedPoint(int Shift)
{
    /// <summary>2^Shift; exact as a double for every shift that float values lead to.</summary>
    public double Scale => Math.ScaleB(1.0, Shift);

    /// <summary>The scale at which the sum of <paramref name="rows"/> numbers of at most <paramref name="maxAbs"/> is below 2^63.</summary>
    /// <param name="rows">Maximum numbers to add, at least 1.</param>
    /// <param name="maxAbs">The maximum absolute value, finite.</param>
    public static FixedPoint ForSums(long rows, float maxAbs) =>
        maxAbs == 0 ? new FixedPoint(0) : new FixedPoint(62 - CeilLog2(rows) - CeilLog2(maxAbs));

    /// <summary>
    /// The scale at which a squared distance between vectors with values of at most <paramref name="maxAbs"/> stays below 2^62;
    /// sums of such distances are 128-bit.
    /// </summary>
    /// <param name="dims">Dimensions of a vector, at least 1.</param>
    /// <param name="maxAbs">The maximum absolute value, finite.</param>
    public static FixedPoint ForErrors(int dims, float maxAbs) =>
        maxAbs == 0 ? new FixedPoint(0) : new FixedPoint(59 - (2 * CeilLog2(maxAbs)) - CeilLog2(dims));

    /// <summary>ceil(log2 x), from the exponent bits.</summary>
    /// <param name="value">Finite, greater than 0; may be subnormal.</param>
    public static int CeilLog2(float value)
    {
        // Every float is a normal number as a double.
        long bits = BitConverter.DoubleToInt64Bits(value);
        int exponent = (int)((bits >> 52) & 0x7FF) - 1023;
        return (bits & 0xF_FFFF_FFFF_FFFF) == 0 ? exponent : exponent + 1;
    }

    /// <summary>ceil(log2 m).</summary>
    /// <param name="value">At least 1.</param>
    public static int CeilLog2(long value) => 64 - BitOperations.LeadingZeroCount((ulong)(value - 1));

    /// <summary>A number as an integer at this scale.</summary>
    public long Quantize(double value) => Nearest(value * Scale);

    /// <summary>The integer nearest to a double with a magnitude below 2^63, ties to even; a single instruction on x64.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static long Nearest(double value) => Sse2.X64.IsSupported
        ? Sse2.X64.ConvertToInt64(Vector128.CreateScalarUnsafe(value))
        : (long)Math.Round(value, MidpointRounding.ToEven);

    /// <summary>A sum as a double: (double)sum * 2^-Shift.</summary>
    public double ToDouble(Int128 sum) => (double)sum * Math.ScaleB(1.0, -Shift);

    /// <summary>Adds each number of a vector to the sum at its position.</summary>
    /// <param name="values">[m], finite.</param>
    /// <param name="sums">[m], in and out.</param>
    /// <param name="scale">The <see cref="Scale"/>, computed once per block.</param>
    public static void Add(ReadOnlySpan<float> values, Span<long> sums, double scale)
    {
        int t = 0;
        if (Vector512.IsHardwareAccelerated)
        {
            for (; t <= values.Length - 16; t += 16)
            {
                (Vector512<double> low, Vector512<double> high) = Vector512.Widen(Vector512.Create(values[t..]));
                AddEight(low * scale, sums[t..]);
                AddEight(high * scale, sums[(t + 8)..]);
            }
        }

        else if (Avx2.IsSupported)
        {
            t = AddByEight(values, sums, scale);
        }

        AddEach(values[t..], sums[t..], scale);
    }

    // AVX2 cannot convert to 64-bit integers. Adding 1.5 * 2^52 to a double with a magnitude below 2^51 rounds it to an
    // integer, ties to even, which is then in the low bits of the sum. Returns the count of numbers added, a multiple of 8.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static unsafe int AddByEight(ReadOnlySpan<float> values, Span<long> sums, double scale)
    {
        Vector256<double> scales = Vector256.Create(scale);
        Vector256<double> magic = Vector256.Create(6755399441055744.0);
        Vector256<double> most = Vector256.Create(2251799813685248.0);
        Vector256<double> sign = Vector256.Create(-0.0);
        int t = 0;
        fixed (float* v = values)
        fixed (long* s = sums[..values.Length])
        {
            for (; t <= values.Length - 8; t += 8)
            {
                Vector256<double> low = Avx.Multiply(Avx.ConvertToVector256Double(Sse.LoadVector128(v + t)), scales);
                Vector256<double> high = Avx.Multiply(Avx.ConvertToVector256Double(Sse.LoadVector128(v + t + 4)), scales);
                Vector256<double> size = Avx.Max(Avx.AndNot(sign, low), Avx.AndNot(sign, high));
                if (Avx.MoveMask(Avx.CompareLessThan(size, most)) == 0xF)
                {
                    Vector256<long> first = Avx2.Subtract(Avx.Add(low, magic).AsInt64(), magic.AsInt64());
                    Vector256<long> second = Avx2.Subtract(Avx.Add(high, magic).AsInt64(), magic.AsInt64());
                    Avx.Store(s + t, Avx2.Add(Avx.LoadVector256(s + t), first));
                    Avx.Store(s + t + 4, Avx2.Add(Avx.LoadVector256(s + t + 4), second));
                }
                else
                {
                    AddEach(values.Slice(t, 8), sums.Slice(t, 8), scale);
                }
            }
        }

        return t;
    }

    private static void AddEach(ReadOnlySpan<float> values, Span<long> sums, double scale)
    {
        for (int t = 0; t < values.Length; t++)
        {
            sums[t] += Nearest(values[t] * scale);
        }
    }

    private static void AddEight(Vector512<double> scaled, Span<long> sums)
    {
        Vector512<long> whole = Vector512.ConvertToInt64Native(Vector512.Round(scaled, MidpointRounding.ToEven));
        (Vector512.Create<long>(sums) + whole).CopyTo(sums);
    }
}
