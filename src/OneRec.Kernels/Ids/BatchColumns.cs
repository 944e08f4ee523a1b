using Apache.Arrow;

namespace OneRec.Kernels.Ids;

/// <summary>Columns of a batch by name.</summary>
public static class BatchColumns
{
    /// <summary>A column.</summary>
    /// <exception cref="ArgumentException">The batch has none of that name.</exception>
    public static IArrowArray Named(RecordBatch batch, string name)
    {
        ArgumentNullException.ThrowIfNull(batch);
        int index = batch.Schema.GetFieldIndex(name);
        return index >= 0
            ? batch.Column(index)
            : throw new ArgumentException($"the input has no column '{name}'", nameof(batch));
    }

    /// <summary>A column of a type.</summary>
    /// <exception cref="ArgumentException">No such column, another type, or a null in it.</exception>
    public static T Full<T>(RecordBatch batch, string name)
        where T : class, IArrowArray
    {
        IArrowArray column = Named(batch, name);
        return column is T typed && column.NullCount == 0
            ? typed
            : throw new ArgumentException(
                $"column '{name}' is {column.GetType().Name} with {column.NullCount} nulls, not {typeof(T).Name} without");
    }
}
