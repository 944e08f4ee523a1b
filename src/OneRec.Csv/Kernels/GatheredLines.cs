using OneRec.Csv.Records;

namespace OneRec.Csv.Kernels;

/// <summary>Gathers lines into a block.</summary>
internal sealed class GatheredLines
{
    private const int KeptOfTooLong = 64 << 10;

    private byte[] _bytes = New(1 << 20);

    /// <summary>Bytes so far.</summary>
    public int Length { get; private set; }

    /// <summary>The block of a line that is longer than a record may be.</summary>
    public static LineBlock TooLong(ReadOnlySpan<byte> line)
    {
        byte[] bytes = New(KeptOfTooLong);
        line[..KeptOfTooLong].CopyTo(bytes.AsSpan(1));
        return new LineBlock(bytes, bytes.Length, isTooLong: true);
    }

    /// <summary>Adds a line without its line feed.</summary>
    public void Add(ReadOnlySpan<byte> line)
    {
        int end = 1 + Length + line.Length;
        if (end + 1 > _bytes.Length)
        {
            Array.Resize(ref _bytes, Math.Max(2 * _bytes.Length, end + 1));
        }

        line.CopyTo(_bytes.AsSpan(1 + Length));
        _bytes[end] = (byte)'\n';
        Length += line.Length + 1;
    }

    /// <summary>The lines so far, and begins anew; null where there are none.</summary>
    public LineBlock? Take()
    {
        if (Length == 0)
        {
            return null;
        }

        var block = new LineBlock(_bytes, 1 + Length);
        _bytes = New(1 << 20);
        Length = 0;
        return block;
    }

    private static byte[] New(int length)
    {
        byte[] bytes = GC.AllocateUninitializedArray<byte>(length + 1);
        bytes[0] = (byte)'\n';
        return bytes;
    }
}
