using Apache.Arrow;
using Apache.Arrow.Types;

namespace OneRec.Kernels.Ids;

/// <summary>Distinct BIGINT or STRING ids, numbered in the order in which they were added.</summary>
/// <remarks>Ids are ordered as numbers, or by unsigned UTF-8 bytes; never by culture or UTF-16 code unit.</remarks>
public abstract class IdSet
{
    /// <summary>Number of distinct ids.</summary>
    public abstract int Count { get; }

    /// <summary>Length of the longest id in bytes.</summary>
    public abstract int LongestBytes { get; }

    /// <summary>Bytes of memory used.</summary>
    public abstract long Bytes { get; }

    /// <summary>An empty set for a column type.</summary>
    /// <exception cref="ArgumentException">The type is neither BIGINT nor STRING.</exception>
    public static IdSet For(IArrowType type) => type switch
    {
        Int64Type => new Int64IdSet(),
        StringType or LargeStringType or StringViewType => new Utf8IdSet(),
        _ => throw new ArgumentException($"an id must be BIGINT or STRING, not {type?.Name}", nameof(type)),
    };

    /// <summary>The number of an id; adds the id if it is new.</summary>
    /// <exception cref="ArgumentException">The id is null.</exception>
    public abstract int Add(IArrowArray column, int row);

    /// <summary>The number of an id, or -1 if it is not in the set.</summary>
    /// <exception cref="ArgumentException">The id is null.</exception>
    public abstract int Find(IArrowArray column, int row);

    /// <summary>The numbers, sorted by their ids.</summary>
    public abstract int[] Sorted();

    /// <summary>A column with the ids of the given numbers, followed by nulls.</summary>
    public abstract IArrowArray Take(ReadOnlySpan<int> numbers, int nulls = 0);

    /// <summary>The rank of each number in the sorted order: the inverse of <see cref="Sorted"/>.</summary>
    public int[] Ranks(ReadOnlySpan<int> sorted)
    {
        var ranks = new int[sorted.Length];
        for (int r = 0; r < sorted.Length; r++)
        {
            ranks[sorted[r]] = r;
        }

        return ranks;
    }
}

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

/// <summary>Distinct STRING ids, stored as UTF-8 bytes one after another.</summary>
internal sealed class Utf8IdSet : IdSet
{
    private readonly List<int> _ends = [];
    private byte[] _bytes = new byte[1024];
    private int[] _table = NewTable(1024);
    private int _longest;

    /// <inheritdoc/>
    public override int Count => _ends.Count;

    /// <inheritdoc/>
    public override int LongestBytes => _longest;

    /// <inheritdoc/>
    public override long Bytes => _bytes.Length + (4L * _table.Length) + (8L * _ends.Count);

    /// <inheritdoc/>
    public override int Add(IArrowArray column, int row)
    {
        ReadOnlySpan<byte> id = IdColumn.Text(column, row);
        int slot = Slot(id);
        if (_table[slot] >= 0)
        {
            return _table[slot];
        }

        int start = Start(_ends.Count);
        int end = checked(start + id.Length);
        if (end > _bytes.Length)
        {
            System.Array.Resize(ref _bytes, (int)Math.Min(Math.Max(end, 2L * _bytes.Length), System.Array.MaxLength));
        }

        id.CopyTo(_bytes.AsSpan(start));
        _table[slot] = _ends.Count;
        _ends.Add(end);
        _longest = Math.Max(_longest, id.Length);
        if (2 * _ends.Count > _table.Length)
        {
            Rehash();
        }

        return _ends.Count - 1;
    }

    /// <inheritdoc/>
    public override int Find(IArrowArray column, int row) => _table[Slot(IdColumn.Text(column, row))];

    /// <inheritdoc/>
    public override int[] Sorted()
    {
        int[] numbers = [.. Enumerable.Range(0, _ends.Count)];
        System.Array.Sort(numbers, (a, b) => Id(a).SequenceCompareTo(Id(b)));
        return numbers;
    }

    /// <inheritdoc/>
    public override IArrowArray Take(ReadOnlySpan<int> numbers, int nulls = 0)
    {
        var builder = new StringArray.Builder().Reserve(numbers.Length + nulls);
        foreach (int number in numbers)
        {
            builder.Append(Id(number));
        }

        for (int n = 0; n < nulls; n++)
        {
            builder.AppendNull();
        }

        return builder.Build();
    }

    private static int[] NewTable(int length)
    {
        var table = new int[length];
        System.Array.Fill(table, -1);
        return table;
    }

    private static ulong Fnv(ReadOnlySpan<byte> bytes)
    {
        ulong hash = 0xCBF29CE484222325;
        foreach (byte b in bytes)
        {
            hash = (hash ^ b) * 0x100000001B3;
        }

        return hash ^ (hash >> 32);
    }

    private int Start(int number) => number == 0 ? 0 : _ends[number - 1];

    private ReadOnlySpan<byte> Id(int number) => _bytes.AsSpan(Start(number), _ends[number] - Start(number));

    /// <summary>The slot of an id in the hash table, or the free slot where it belongs.</summary>
    private int Slot(ReadOnlySpan<byte> id)
    {
        int mask = _table.Length - 1;
        int slot = (int)Fnv(id) & mask;
        while (_table[slot] >= 0 && !Id(_table[slot]).SequenceEqual(id))
        {
            slot = (slot + 1) & mask;
        }

        return slot;
    }

    private void Rehash()
    {
        _table = NewTable(checked(2 * _table.Length));
        for (int number = 0; number < _ends.Count; number++)
        {
            _table[Slot(Id(number))] = number;
        }
    }
}
