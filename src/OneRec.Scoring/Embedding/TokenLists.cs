using Apache.Arrow;

namespace OneRec.Scoring.Embedding;

/// <summary>Token vectors as a list of vectors a row, a vector being a list of float or float16.</summary>
internal sealed class TokenLists<T>(ListArray rows, ListArray vectors, PrimitiveArray<T> values) : TokenColumn
    where T : unmanaged, IEquatable<T>
{
    /// <inheritdoc/>
    public override int FirstLength()
    {
        ReadOnlySpan<int> outer = rows.ValueOffsets;
        ReadOnlySpan<int> inner = vectors.ValueOffsets;
        for (int row = 0; row < rows.Length; row++)
        {
            for (int v = outer[row]; rows.IsValid(row) && v < outer[row + 1]; v++)
            {
                if (vectors.IsValid(v) && inner[v + 1] > inner[v])
                {
                    return inner[v + 1] - inner[v];
                }
            }
        }

        return 0;
    }

    /// <inheritdoc/>
    public override string? TryMean(int row, VectorSum sum, Span<float> mean, out int count)
    {
        count = 0;
        (int first, int last) = rows.IsNull(row) ? (0, 0) : (rows.ValueOffsets[row], rows.ValueOffsets[row + 1]);
        if (first == last)
        {
            return null;
        }

        int d = mean.Length;
        ReadOnlySpan<int> inner = vectors.ValueOffsets;
        for (int v = first; v < last; v++)
        {
            int length = vectors.IsNull(v) ? -1 : inner[v + 1] - inner[v];
            if (length != d)
            {
                string got = length < 0 ? "null" : $"{length} floats";
                return $"token vector {v - first} is {got}, not {d} floats";
            }
        }

        (int start, int end) = (inner[first], inner[last]);
        if (values.NullCount > 0)
        {
            for (int i = start; i < end; i++)
            {
                if (values.IsNull(i))
                {
                    return $"token vector {(i - start) / d} holds a null";
                }
            }
        }

        string? problem = MeanOf(values.Values[start..end], sum, mean);
        count = problem is null ? last - first : 0;
        return problem;
    }
}
