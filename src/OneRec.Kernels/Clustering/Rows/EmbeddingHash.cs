using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace OneRec.Kernels.Clustering.Rows;

/// <summary>The hash of an embedding in table <c>semantic_ids</c>: SHA-256 of its floats, little-endian, as 64 hex digits.</summary>
public static class EmbeddingHash
{
    /// <summary>The hash of a vector.</summary>
    public static string Of(ReadOnlySpan<float> vector)
    {
        if (BitConverter.IsLittleEndian)
        {
            return Convert.ToHexStringLower(SHA256.HashData(MemoryMarshal.AsBytes(vector)));
        }

        byte[] bytes = new byte[vector.Length * sizeof(float)];
        for (int t = 0; t < vector.Length; t++)
        {
            BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(t * sizeof(float)), vector[t]);
        }

        return Convert.ToHexStringLower(SHA256.HashData(bytes));
    }
}
