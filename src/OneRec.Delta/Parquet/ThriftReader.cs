using System.Buffers;

namespace OneRec.Delta;

/// <summary>
/// Reads structures in Thrift's compact protocol, the encoding of a Parquet file's footer and page headers. What it cannot
/// read sets <see cref="Status"/>; everything after that reads as zero.
/// </summary>
/// <param name="bytes">Starts with a structure.</param>
internal ref struct ThriftReader(ReadOnlySpan<byte> bytes)
{
    /// <summary>The type of 32-bit integers.</summary>
    public const int Whole32 = 5;

    /// <summary>The type of 64-bit integers.</summary>
    public const int Whole64 = 6;

    /// <summary>The type of lists.</summary>
    public const int List = 9;

    /// <summary>The type of structures.</summary>
    public const int Structure = 12;

    private const int MaximumVarint = 10;
    private const int MaximumDepth = 32;

    private readonly ReadOnlySpan<byte> _bytes = bytes;

    /// <summary>Bytes read.</summary>
    public int At { get; private set; }

    /// <summary><see cref="OperationStatus.NeedMoreData"/> if the bytes ended within a structure.</summary>
    public OperationStatus Status { get; private set; } = OperationStatus.Done;

    /// <summary>Reads the start of a field.</summary>
    /// <param name="field">The number of the field before, replaced by that of this one; 0 before the first.</param>
    /// <param name="type">The type of its value, which must be read or skipped next.</param>
    /// <returns>False at the end of the structure, or if it cannot be read.</returns>
    public bool TryField(ref int field, out int type)
    {
        int start = Byte();
        type = start & 0x0f;
        if (Status != OperationStatus.Done || start == 0)
        {
            return false;
        }

        field = start >> 4 == 0 ? (int)Whole() : field + (start >> 4);
        return Status == OperationStatus.Done;
    }

    /// <summary>Reads an integer of any width but 8 bits.</summary>
    public long Whole()
    {
        ulong value = Varint();
        return (long)(value >> 1) ^ -(long)(value & 1);
    }

    /// <summary>Reads the start of a list; its elements follow.</summary>
    /// <returns>Number of elements and their type.</returns>
    public (long Count, int Type) StartList()
    {
        int start = Byte();
        long count = start >> 4 == 15 ? (long)Varint() : start >> 4;

        // Every element has at least one byte.
        if (count < 0 || count > _bytes.Length - At)
        {
            Fail(OperationStatus.NeedMoreData);
            return (0, 0);
        }

        return (count, start & 0x0f);
    }

    /// <summary>Skips a value.</summary>
    public void Skip(int type) => Skip(type, MaximumDepth);

    private void Skip(int type, int depth)
    {
        switch (type)
        {
            case < 1 or > Structure or 11:
            case var _ when depth == 0:
                // Parquet has no maps.
                Fail(OperationStatus.InvalidData);
                break;
            case 1 or 2:
                // A flag is in the type.
                break;
            case 3:
                Advance(1);
                break;
            case 4 or Whole32 or Whole64:
                Varint();
                break;
            case 7:
                Advance(8);
                break;
            case 8:
                Advance(Varint());
                break;
            case Structure:
                int field = 0;
                while (TryField(ref field, out int inner))
                {
                    Skip(inner, depth - 1);
                }

                break;
            default:
                (long count, int element) = StartList();
                for (long i = 0; i < count && Status == OperationStatus.Done; i++)
                {
                    // A flag in a list is a byte.
                    Skip(element is 1 or 2 ? 3 : element, depth - 1);
                }

                break;
        }
    }

    private void Advance(ulong count)
    {
        if (count > (ulong)(_bytes.Length - At))
        {
            Fail(OperationStatus.NeedMoreData);
            return;
        }

        At += (int)count;
    }

    private ulong Varint()
    {
        ulong value = 0;
        for (int i = 0; i < MaximumVarint; i++)
        {
            int next = Byte();
            value |= (ulong)(next & 0x7f) << (7 * i);
            if (next < 0x80)
            {
                return value;
            }
        }

        Fail(OperationStatus.InvalidData);
        return 0;
    }

    private int Byte()
    {
        if (At < _bytes.Length && Status == OperationStatus.Done)
        {
            return _bytes[At++];
        }

        Fail(OperationStatus.NeedMoreData);
        return 0;
    }

    private void Fail(OperationStatus status) => Status = Status == OperationStatus.Done ? status : Status;
}
