using Apache.Arrow;

namespace OneRec.Scoring.Embedding;

/// <summary>A batch's column of token vectors, list of list of float, read without copying.</summary>
internal sealed class TokenColumn
{
    private readonly ListArray _rows;
    private readonly ListArray _vectors;
    private readonly FloatArray _floats;

    private TokenColumn(ListArray rows, ListArray vectors, FloatArray floats)
    {
        _rows = rows;
        _vectors = vectors;
        _floats = floats;
    }

    /// <summary>Wraps a column.</summary>
    /// <exception cref="ArgumentException">It has another type.</exception>
    public static TokenColumn Of(IArrowArray column) =>
        column is ListArray { Values: ListArray { Values: FloatArray floats } vectors } rows
            ? new TokenColumn(rows, vectors, floats)
            : throw new ArgumentException($"tokens is {column.Data.DataType.Name}, not list<list<float>>", nameof(column));

    /// <summary>Floats of the first vector that is not empty; 0 where there is none.</summary>
    public int FirstLength()
    {
        ReadOnlySpan<int> outer = _rows.ValueOffsets;
        ReadOnlySpan<int> inner = _vectors.ValueOffsets;
        for (int row = 0; row < _rows.Length; row++)
        {
            for (int v = outer[row]; _rows.IsValid(row) && v < outer[row + 1]; v++)
            {
                if (_vectors.IsValid(v) && inner[v + 1] > inner[v])
                {
                    return inner[v + 1] - inner[v];
                }
            }
        }

        return 0;
    }

    /// <summary>A row's vectors, which lie one after the other.</summary>
    /// <param name="row">The row.</param>
    /// <param name="d">Floats that each vector must have.</param>
    /// <param name="vectors">[n, d] row-major; empty where the row has none.</param>
    /// <returns>What is wrong with the row, or null.</returns>
    public string? TryRow(int row, int d, out ReadOnlySpan<float> vectors)
    {
        vectors = [];
        if (_rows.IsNull(row))
        {
            return null;
        }

        ReadOnlySpan<int> outer = _rows.ValueOffsets;
        (int first, int last) = (outer[row], outer[row + 1]);
        if (first == last)
        {
            return null;
        }

        ReadOnlySpan<int> inner = _vectors.ValueOffsets;
        for (int v = first; v < last; v++)
        {
            int length = _vectors.IsNull(v) ? -1 : inner[v + 1] - inner[v];
            if (length != d)
            {
                string got = length < 0 ? "null" : $"{length} floats";
                return $"token vector {v - first} is {got}, not {d} floats";
            }
        }

        (int start, int end) = (inner[first], inner[last]);
        if (_floats.NullCount > 0)
        {
            for (int i = start; i < end; i++)
            {
                if (_floats.IsNull(i))
                {
                    return $"token vector {(i - start) / d} holds a null";
                }
            }
        }

        ReadOnlySpan<float> floats = _floats.Values[start..end];
        if (!System.Numerics.Tensors.TensorPrimitives.IsFiniteAll(floats))
        {
            int at = 0;
            while (float.IsFinite(floats[at]))
            {
                at++;
            }

            return $"token vector {at / d} holds {(float.IsNaN(floats[at]) ? "NaN" : "infinity")} at {at % d}";
        }

        vectors = floats;
        return null;
    }
}
