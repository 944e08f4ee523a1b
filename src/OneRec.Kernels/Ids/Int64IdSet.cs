using Apache.Arrow;

namespace OneRec.Kernels.Ids;

/// <summary>Distinct BIGINT ids.</summary>
internal sealed class Int64IdSet : IdSet
{
    private readonly Dictionary<long, int> _numbers = [];
    private readonly List<long> _ids = [];

    /// <inheritdoc/>
    public override int Count => _ids.Count;

    /// <inheritdoc/>
    public override int LongestBytes => sizeof(long);

    /// <inheritdoc/>
    public override long Bytes => 40L * _ids.Count;

    /// <inheritdoc/>
    public override int Add(IArrowArray column, int row)
    {
        long id = IdColumn.Number(column, row);
        ref int number = ref System.Runtime.InteropServices.CollectionsMarshal.GetValueRefOrAddDefault(
            _numbers, id, out bool known);
        if (!known)
        {
            number = _ids.Count;
            _ids.Add(id);
        }

        return number;
    }

    /// <inheritdoc/>
    public override int Find(IArrowArray column, int row) =>
        _numbers.TryGetValue(IdColumn.Number(column, row), out int number) ? number : -1;

    /// <inheritdoc/>
    public override int[] Sorted()
    {
        long[] ids = [.. _ids];
        int[] numbers = [.. Enumerable.Range(0, ids.Length)];
        System.Array.Sort(ids, numbers);
        return numbers;
    }

    /// <inheritdoc/>
    public override IArrowArray Take(ReadOnlySpan<int> numbers, int nulls = 0)
    {
        var builder = new Int64Array.Builder().Reserve(numbers.Length + nulls);
        foreach (int number in numbers)
        {
            builder.Append(_ids[number]);
        }

        for (int n = 0; n < nulls; n++)
        {
            builder.AppendNull();
        }

        return builder.Build();
    }
}
