using OneRec.Csv.Files;
using OneRec.Csv.Records;

namespace OneRec.Csv.Kernels;

/// <summary>Collects lines into a block of UTF-8.</summary>
/// <param name="encoding">The encoding of the lines.</param>
internal sealed class LineBuffer(TextEncoding encoding)
{
    private const int TooLongPrefix = 64 << 10;

    private byte[] _bytes = New(1 << 20);

    /// <summary>Number of bytes so far.</summary>
    public int Length { get; private set; }

    /// <summary>Creates the block of a line that exceeds <see cref="LineBlock.MaxBytes"/>: only its beginning is kept.</summary>
    public LineBlock TooLong(ReadOnlySpan<byte> line)
    {
        ReadOnlySpan<byte> prefix = Utf8(line[..TooLongPrefix]);
        byte[] bytes = New(prefix.Length);
        prefix.CopyTo(bytes.AsSpan(1));
        return new LineBlock(bytes, bytes.Length, isTooLong: true);
    }

    /// <summary>Adds a line without its line feed.</summary>
    public void Add(ReadOnlySpan<byte> text)
    {
        ReadOnlySpan<byte> line = Utf8(text);
        int end = 1 + Length + line.Length;
        if (end + 1 > _bytes.Length)
        {
            Array.Resize(ref _bytes, Math.Max(2 * _bytes.Length, end + 1));
        }

        line.CopyTo(_bytes.AsSpan(1 + Length));
        _bytes[end] = (byte)'\n';
        Length += line.Length + 1;
    }

    /// <summary>Returns the lines so far as a block and clears the buffer; null if there are none.</summary>
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

    private ReadOnlySpan<byte> Utf8(ReadOnlySpan<byte> line) => encoding == TextEncoding.Utf8 ? line : TextEncodings.ToUtf8(line, encoding);

    private static byte[] New(int length)
    {
        byte[] bytes = GC.AllocateUninitializedArray<byte>(length + 1);
        bytes[0] = (byte)'\n';
        return bytes;
    }
}
