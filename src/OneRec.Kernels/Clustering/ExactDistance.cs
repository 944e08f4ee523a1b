using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace OneRec.Kernels.Clustering;

/// <summary>
/// The distance that defines the nearest centroid: the sum over t ascending of ((double)r_t - (double)c_t)^2, every
/// operation rounded, none fused (docs/method/rq-kmeans.md, "Nearest").
/// </summary>
public static class ExactDistance
{
    /// <summary>The distance from a vector to a centroid.</summary>
    /// <param name="row">[d].</param>
    /// <param name="centroid">[d].</param>
    public static double Of(ReadOnlySpan<float> row, ReadOnlySpan<float> centroid)
    {
        double sum = 0;
        for (int t = 0; t < row.Length; t++)
        {
            double difference = (double)row[t] - centroid[t];
            sum += difference * difference;
        }

        return sum;
    }

    /// <summary>The squared norm of a vector: its distance from the origin.</summary>
    public static double OfOrigin(ReadOnlySpan<float> row)
    {
        double sum = 0;
        foreach (float value in row)
        {
            sum += (double)value * value;
        }

        return sum;
    }

    /// <summary>The distances of n vectors, each to the centroid of its code.</summary>
    /// <param name="rows">[n, d] row-major.</param>
    /// <param name="centroids">[k, d] row-major.</param>
    /// <param name="codes">[n].</param>
    /// <param name="errors">Out [n].</param>
    /// <param name="dims">d.</param>
    /// <remarks>Processes four rows at a time: a row's sum is one chain of additions, and the other rows hide its latency.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static unsafe void ToCodes(
        ReadOnlySpan<float> rows,
        ReadOnlySpan<float> centroids,
        ReadOnlySpan<int> codes,
        Span<double> errors,
        int dims)
    {
        int n = codes.Length;
        fixed (float* r = rows, c = centroids)
        {
            int i = 0;
            for (; i <= n - 4; i += 4)
            {
                float* r0 = r + ((long)i * dims);
                float* r1 = r0 + dims;
                float* r2 = r1 + dims;
                float* r3 = r2 + dims;
                float* c0 = c + ((long)codes[i] * dims);
                float* c1 = c + ((long)codes[i + 1] * dims);
                float* c2 = c + ((long)codes[i + 2] * dims);
                float* c3 = c + ((long)codes[i + 3] * dims);
                double s0 = 0, s1 = 0, s2 = 0, s3 = 0;
                int t = 0;
                if (Avx.IsSupported)
                {
                    Vector256<double> sum = Vector256<double>.Zero;
                    for (; t <= dims - 4; t += 4)
                    {
                        sum = AddFour(Squares(r0 + t, c0 + t), Squares(r1 + t, c1 + t), Squares(r2 + t, c2 + t), Squares(r3 + t, c3 + t), sum);
                    }

                    (s0, s1, s2, s3) = (sum[0], sum[1], sum[2], sum[3]);
                }

                for (; t < dims; t++)
                {
                    double d0 = (double)r0[t] - c0[t];
                    double d1 = (double)r1[t] - c1[t];
                    double d2 = (double)r2[t] - c2[t];
                    double d3 = (double)r3[t] - c3[t];
                    s0 += d0 * d0;
                    s1 += d1 * d1;
                    s2 += d2 * d2;
                    s3 += d3 * d3;
                }

                errors[i] = s0;
                errors[i + 1] = s1;
                errors[i + 2] = s2;
                errors[i + 3] = s3;
            }

            for (; i < n; i++)
            {
                errors[i] = Of(rows.Slice(i * dims, dims), centroids.Slice(codes[i] * dims, dims));
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static unsafe Vector256<double> Squares(float* row, float* centroid)
    {
        Vector256<double> difference = Avx.ConvertToVector256Double(Vector128.Load(row))
            - Avx.ConvertToVector256Double(Vector128.Load(centroid));
        return difference * difference;
    }

    // The squares of four rows at four positions: transposed, so that a lane is a row, and added position by position.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<double> AddFour(
        Vector256<double> a, Vector256<double> b, Vector256<double> c, Vector256<double> d, Vector256<double> sum)
    {
        Vector256<double> ab02 = Avx.UnpackLow(a, b);
        Vector256<double> ab13 = Avx.UnpackHigh(a, b);
        Vector256<double> cd02 = Avx.UnpackLow(c, d);
        Vector256<double> cd13 = Avx.UnpackHigh(c, d);
        sum += Avx.Permute2x128(ab02, cd02, 0x20);
        sum += Avx.Permute2x128(ab13, cd13, 0x20);
        sum += Avx.Permute2x128(ab02, cd02, 0x31);
        sum += Avx.Permute2x128(ab13, cd13, 0x31);
        return sum;
    }
}
