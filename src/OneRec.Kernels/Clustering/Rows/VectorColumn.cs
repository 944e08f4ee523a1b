using Apache.Arrow;
using OneRec.Core;

namespace OneRec.Kernels.Clustering.Rows;

/// <summary>A batch's column of vectors, array&lt;float&gt;.</summary>
public sealed class VectorColumn
{
    private readonly ListArray _lists;
    private readonly FloatArray _values;

    private VectorColumn(ListArray lists, FloatArray values)
    {
        _lists = lists;
        _values = values;
    }

    /// <summary>Number of rows.</summary>
    public int Length => _lists.Length;

    /// <summary>Wraps a column.</summary>
    /// <exception cref="ArgumentException">The column is not a list of floats.</exception>
    public static VectorColumn Of(IArrowArray column) => column is ListArray { Values: FloatArray values } lists
        ? new VectorColumn(lists, values)
        : throw new ArgumentException($"vectors are {column?.Data.DataType.Name}, not list of float", nameof(column));

    /// <summary>Whether a row is null or contains a null.</summary>
    public bool HasNull(int row)
    {
        if (_lists.IsNull(row))
        {
            return true;
        }

        if (_values.NullCount == 0)
        {
            return false;
        }

        int start = _lists.ValueOffsets[row];
        return Enumerable.Range(start, _lists.GetValueLength(row)).Any(i => _values.IsNull(i));
    }

    /// <summary>The numbers of a row; empty if the row is null.</summary>
    public ReadOnlySpan<float> this[int row] =>
        _lists.IsNull(row) ? [] : _values.Values.Slice(_lists.ValueOffsets[row], _lists.GetValueLength(row));

    /// <summary>All rows as a matrix, without copying.</summary>
    /// <param name="dims">The dimension every row must have.</param>
    /// <param name="ids">Item ids, for errors.</param>
    /// <returns>[n, dims] row-major.</returns>
    /// <exception cref="OneRecException">Input error <c>embedding.length</c>, naming the item.</exception>
    public ReadOnlySpan<float> Matrix(int dims, IdColumn ids)
    {
        ArgumentNullException.ThrowIfNull(ids);
        for (int row = 0; row < Length; row++)
        {
            if (HasNull(row) || _lists.GetValueLength(row) != dims)
            {
                throw OneRecException.Input(
                    "embedding.length",
                    $"item_embeddings: item {ids[row]} has {this[row].Length} numbers, but {dims} are needed; embed it again");
            }
        }

        return Length == 0 ? [] : _values.Values.Slice(_lists.ValueOffsets[0], Length * dims);
    }
}
