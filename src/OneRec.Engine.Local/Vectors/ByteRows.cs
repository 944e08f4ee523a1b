using Apache.Arrow;
using Apache.Arrow.Memory;
using Apache.Arrow.Types;

namespace OneRec.Engine.Local.Vectors;

/// <summary>Rows of vectors as bytes, with their two dimensions.</summary>
/// <param name="memory">Allocates the values of the arrays.</param>
/// <param name="most">Maximum number of bytes.</param>
internal sealed class ByteRows(MemoryAllocator memory, int most) : VectorRows
{
    private readonly GrowingBuffer<byte> _bytes = new(memory, most);
    private readonly List<int> _ends = [];
    private readonly List<int> _nulls = [];
    private readonly List<long?> _counts = [];
    private readonly List<long?> _lengths = [];

    /// <inheritdoc/>
    public override int Count => _ends.Count;

    /// <inheritdoc/>
    public override long Bytes => _bytes.Bytes + ((sizeof(int) + (2L * sizeof(long))) * Count);

    /// <summary>Adds a row.</summary>
    /// <param name="bytes">[n_tokens, dim] of float16; not validated here.</param>
    /// <param name="count">Column <c>n_tokens</c>.</param>
    /// <param name="length">Column <c>dim</c>.</param>
    public void Add(ReadOnlySpan<byte> bytes, long? count, long? length)
    {
        _bytes.Add(bytes);
        _ends.Add(_bytes.Count);
        _counts.Add(count);
        _lengths.Add(length);
    }

    /// <summary>Adds a row without bytes.</summary>
    public void AddNull(long? count, long? length)
    {
        _nulls.Add(Count);
        Add([], count, length);
    }

    /// <inheritdoc/>
    public override void AddNull() => AddNull(null, null);

    /// <inheritdoc/>
    public override IReadOnlyList<IArrowArray> Take(int rows)
    {
        int bytes = rows == 0 ? 0 : _ends[rows - 1];
        ArrowBuffer offsets = Offsets(_ends, rows);
        List<int> nulls = Cut(_nulls, rows, rows);
        _ends.RemoveRange(0, rows);
        Cut(_ends, 0, bytes);
        return
        [
            new BinaryArray(BinaryType.Default, rows, offsets, _bytes.Take(bytes), Valid(rows, nulls), nulls.Count),
            Numbers(_counts, rows),
            Numbers(_lengths, rows),
        ];
    }

    private static Int64Array Numbers(List<long?> values, int rows)
    {
        Int64Array.Builder numbers = new Int64Array.Builder().Reserve(rows);
        for (int i = 0; i < rows; i++)
        {
            numbers.Append(values[i]);
        }

        values.RemoveRange(0, rows);
        return numbers.Build();
    }
}
