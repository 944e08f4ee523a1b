using System.Runtime.InteropServices;
using Apache.Arrow;

namespace OneRec.Scoring.Embedding;

/// <summary>
/// Token vectors as bytes: <c>tokens</c> is [n_tokens, dim] of float16, little-endian, row-major; null or no bytes where
/// a row has none.
/// </summary>
internal sealed class TokenBytes(BinaryArray bytes, Int64Array counts, Int64Array lengths) : TokenColumn
{
    private const int HalfBytes = 2;

    /// <inheritdoc/>
    /// <remarks>Of rows whose bytes fit, where there is one: a single broken row shall not be the measure of all.</remarks>
    public override int FirstLength()
    {
        int claimed = 0;
        for (int row = 0; row < bytes.Length; row++)
        {
            if (bytes.IsValid(row) && counts.GetValue(row) is > 0 and var n && lengths.GetValue(row) is > 0 and <= int.MaxValue and var d)
            {
                if (Size(n, d) == bytes.GetValueLength(row))
                {
                    return (int)d;
                }

                claimed = claimed == 0 ? (int)d : claimed;
            }
        }

        return claimed;
    }

    /// <inheritdoc/>
    public override string? TryMean(int row, VectorSum sum, Span<float> mean, out int count)
    {
        count = 0;
        long? n = counts.GetValue(row);
        long? d = lengths.GetValue(row);
        if (bytes.IsNull(row))
        {
            return n is null or 0 ? null : $"n_tokens is {n}, but tokens is null";
        }

        ReadOnlySpan<byte> own = bytes.GetBytes(row);
        if (n == 0 && own.IsEmpty)
        {
            return null;
        }

        if (n is null or < 0 || d is null or < 0)
        {
            return $"tokens has {own.Length} bytes, but {(n is null or < 0 ? Named("n_tokens", n) : Named("dim", d))}";
        }

        if (Size(n.Value, d.Value) != own.Length)
        {
            return $"tokens has {own.Length} bytes, but n_tokens {n} x dim {d} of float16 are {Size(n.Value, d.Value)}";
        }

        if (d != mean.Length)
        {
            return $"token vectors are {d} floats (dim), not {mean.Length} floats";
        }

        string? problem = MeanOf(MemoryMarshal.Cast<byte, Half>(own), sum, mean);
        count = problem is null ? (int)n : 0;
        return problem;
    }

    private static string Named(string column, long? value) => $"{column} is {(value is null ? "null" : $"{value}")}";

    private static Int128 Size(long n, long d) => (Int128)n * d * HalfBytes;
}
