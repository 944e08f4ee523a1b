using Apache.Arrow;

namespace OneRec.Kernels.Ids;

/// <summary>Reads ids out of Arrow columns.</summary>
public static class IdColumn
{
    /// <summary>A BIGINT id.</summary>
    /// <exception cref="ArgumentException">Null, or a column of another type.</exception>
    public static long Number(IArrowArray column, int row) =>
        column is Int64Array ids
            ? ids.GetValue(row) ?? throw new ArgumentException("an id is null", nameof(column))
            : throw new ArgumentException($"an id column is {column?.GetType().Name}, not BIGINT", nameof(column));

    /// <summary>The UTF-8 bytes of a STRING id.</summary>
    /// <exception cref="ArgumentException">Null, or a column of another type.</exception>
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
