using Apache.Arrow;

namespace OneRec.Kernels.Ids;

/// <summary>Looks up the columns of a batch by name.</summary>
public static class BatchColumns
{
    /// <summary>A column by name.</summary>
    /// <exception cref="ArgumentException">The batch has no such column.</exception>
    public static IArrowArray Find(RecordBatch batch, string name)
    {
        ArgumentNullException.ThrowIfNull(batch);
        int index = batch.Schema.GetFieldIndex(name);
        return index >= 0
            ? batch.Column(index)
            : throw new ArgumentException($"the input has no column '{name}'", nameof(batch));
    }

    /// <summary>A column with a given type and no nulls.</summary>
    /// <exception cref="ArgumentException">The column is missing, has another type, or contains a null.</exception>
    public static T FindNonNull<T>(RecordBatch batch, string name)
        where T : class, IArrowArray
    {
        IArrowArray column = Find(batch, name);
        return column is T typed && column.NullCount == 0
            ? typed
            : throw new ArgumentException(
                $"column '{name}' is {column.GetType().Name} with {column.NullCount} nulls, expected {typeof(T).Name} without nulls");
    }
}

/// <summary>Reads ids from Arrow columns.</summary>
public static class IdColumn
{
    /// <summary>A BIGINT id.</summary>
    /// <exception cref="ArgumentException">The id is null, or the column has another type.</exception>
    public static long Number(IArrowArray column, int row) =>
        column is Int64Array ids
            ? ids.GetValue(row) ?? throw new ArgumentException("an id is null", nameof(column))
            : throw new ArgumentException($"an id column is {column?.GetType().Name}, not BIGINT", nameof(column));

    /// <summary>The UTF-8 bytes of a STRING id.</summary>
    /// <exception cref="ArgumentException">The id is null, or the column has another type.</exception>
    public static ReadOnlySpan<byte> Text(IArrowArray column, int row)
    {
        ArgumentNullException.ThrowIfNull(column);
        if (column.IsNull(row))
        {
            throw new ArgumentException("an id is null", nameof(column));
        }

        return column switch
        {
            StringArray ids => ids.GetBytes(row),
            StringViewArray ids => ids.GetBytes(row),
            LargeStringArray ids => ids.GetBytes(row),
            _ => throw new ArgumentException($"an id column is {column.GetType().Name}, not STRING", nameof(column)),
        };
    }
}
