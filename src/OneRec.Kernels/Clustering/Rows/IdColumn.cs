using Apache.Arrow;
using Apache.Arrow.Types;

namespace OneRec.Kernels.Clustering.Rows;

/// <summary>A batch's column of item ids.</summary>
public sealed class IdColumn
{
    private readonly Int64Array? _numbers;
    private readonly StringArray? _texts;

    private IdColumn(Int64Array? numbers, StringArray? texts)
    {
        _numbers = numbers;
        _texts = texts;
    }

    /// <summary>Wraps a column.</summary>
    /// <exception cref="ArgumentException">The type is neither int64 nor string, or there is a null.</exception>
    public static IdColumn Of(IArrowArray column)
    {
        ArgumentNullException.ThrowIfNull(column);
        if (column.NullCount > 0)
        {
            throw new ArgumentException("an item_id is null", nameof(column));
        }

        return column switch
        {
            Int64Array numbers => new IdColumn(numbers, null),
            StringArray texts => new IdColumn(null, texts),
            _ => throw new ArgumentException($"item_id is {column.Data.DataType.Name}, not int64 or string", nameof(column)),
        };
    }

    /// <summary>The id of a row.</summary>
    public ItemId this[int row] => _numbers is not null ? ItemId.Of(_numbers.Values[row]) : ItemId.Of(_texts!.GetBytes(row));

    /// <summary>Builds a column of ids; null ids become nulls.</summary>
    /// <param name="type">int64 or string.</param>
    /// <param name="ids">The ids.</param>
    public static IArrowArray Build(IArrowType type, IEnumerable<ItemId?> ids)
    {
        ArgumentNullException.ThrowIfNull(ids);
        if (type is Int64Type)
        {
            var numbers = new Int64Array.Builder();
            foreach (ItemId? id in ids)
            {
                _ = id is { } there ? numbers.Append(there.Number) : numbers.AppendNull();
            }

            return numbers.Build();
        }

        var texts = new StringArray.Builder();
        foreach (ItemId? id in ids)
        {
            _ = id is { } there ? texts.Append(there.Utf8) : texts.AppendNull();
        }

        return texts.Build();
    }
}
