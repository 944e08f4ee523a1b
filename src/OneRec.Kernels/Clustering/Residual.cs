using System.Runtime.Intrinsics;

namespace OneRec.Kernels.Clustering;

/// <summary>The residual of a vector: the vector minus its centroid, an FP32 subtraction per dimension.</summary>
public static class Residual
{
    /// <summary>Subtracts from each row the centroid of its code, in place.</summary>
    /// <param name="rows">[n, d] row-major, in and out.</param>
    /// <param name="centroids">[k, d] row-major.</param>
    /// <param name="codes">[n].</param>
    /// <param name="dims">d.</param>
    public static void Subtract(Span<float> rows, ReadOnlySpan<float> centroids, ReadOnlySpan<int> codes, int dims)
    {
        for (int i = 0; i < codes.Length; i++)
        {
            Span<float> row = rows.Slice(i * dims, dims);
            ReadOnlySpan<float> centroid = centroids.Slice(codes[i] * dims, dims);
            int t = 0;
            for (; t <= dims - 16; t += 16)
            {
                (Vector512.Create<float>(row[t..]) - Vector512.Create(centroid[t..])).CopyTo(row[t..]);
            }

            for (; t < dims; t++)
            {
                row[t] -= centroid[t];
            }
        }
    }
}
