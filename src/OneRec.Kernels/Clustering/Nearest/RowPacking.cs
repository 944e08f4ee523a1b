using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace OneRec.Kernels.Clustering.Nearest;

/// <summary>Packs rows by dimension for a tile, with the centre subtracted.</summary>
internal static unsafe class RowPacking
{
    /// <summary>Packs the rows of one tile. Rows past the end are copies of the last row; their results are not read.</summary>
    /// <param name="rows">[n, dims] row-major.</param>
    /// <param name="n">Number of rows, 1 to <paramref name="tileRows"/>.</param>
    /// <param name="center">[dims].</param>
    /// <param name="dims">Dimensions of a row.</param>
    /// <param name="tileRows">Rows per tile, a multiple of 4.</param>
    /// <param name="packed">Out [dims, tileRows].</param>
    /// <param name="squares">Out [tileRows]: FP32 sums of squares.</param>
    public static void Pack(float* rows, int n, float* center, int dims, int tileRows, float* packed, float* squares)
    {
        for (int group = 0; group < tileRows; group += 4)
        {
            float* r0 = rows + ((long)Math.Min(group, n - 1) * dims);
            float* r1 = rows + ((long)Math.Min(group + 1, n - 1) * dims);
            float* r2 = rows + ((long)Math.Min(group + 2, n - 1) * dims);
            float* r3 = rows + ((long)Math.Min(group + 3, n - 1) * dims);
            Vector128<float> sum = Vector128<float>.Zero;
            float* to = packed + group;
            int t = 0;
            for (; t <= dims - 4; t += 4, to += 4 * (long)tileRows)
            {
                Vector128<float> c = Vector128.Load(center + t);
                Vector128<float> v0 = Vector128.Load(r0 + t) - c;
                Vector128<float> v1 = Vector128.Load(r1 + t) - c;
                Vector128<float> v2 = Vector128.Load(r2 + t) - c;
                Vector128<float> v3 = Vector128.Load(r3 + t) - c;

                // 4 x 4 transpose in two rounds of unpacking.
                Vector128<float> p0 = Low(v0, v1);
                Vector128<float> p1 = High(v0, v1);
                Vector128<float> p2 = Low(v2, v3);
                Vector128<float> p3 = High(v2, v3);
                Vector128<float> w0 = LowPairs(p0, p2);
                Vector128<float> w1 = HighPairs(p0, p2);
                Vector128<float> w2 = LowPairs(p1, p3);
                Vector128<float> w3 = HighPairs(p1, p3);
                w0.Store(to);
                w1.Store(to + tileRows);
                w2.Store(to + (2 * tileRows));
                w3.Store(to + (3 * tileRows));
                sum += (w0 * w0) + (w1 * w1) + ((w2 * w2) + (w3 * w3));
            }

            for (; t < dims; t++, to += tileRows)
            {
                Vector128<float> w = Vector128.Create(r0[t], r1[t], r2[t], r3[t]) - Vector128.Create(center[t]);
                w.Store(to);
                sum += w * w;
            }

            sum.Store(squares + group);
        }
    }

    private static Vector128<float> Low(Vector128<float> a, Vector128<float> b) => Sse.IsSupported
        ? Sse.UnpackLow(a, b)
        : Vector128.Create(a[0], b[0], a[1], b[1]);

    private static Vector128<float> High(Vector128<float> a, Vector128<float> b) => Sse.IsSupported
        ? Sse.UnpackHigh(a, b)
        : Vector128.Create(a[2], b[2], a[3], b[3]);

    private static Vector128<float> LowPairs(Vector128<float> a, Vector128<float> b) =>
        Vector128.Create(a.GetLower(), b.GetLower());

    private static Vector128<float> HighPairs(Vector128<float> a, Vector128<float> b) =>
        Vector128.Create(a.GetUpper(), b.GetUpper());
}
