using Apache.Arrow;

namespace OneRec.Kernels.Ids;

/// <summary>Distinct STRING ids, kept as their UTF-8 bytes one after another.</summary>
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

    /// <summary>Where an id is in the table, or the free place where it belongs.</summary>
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
