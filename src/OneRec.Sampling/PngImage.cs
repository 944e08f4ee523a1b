using System.Buffers.Binary;

namespace OneRec.Sampling;

/// <summary>
/// Writes PNG images with 16 colours (W3C PNG, third edition): a palette, 4 bits per pixel, stored blocks.
/// </summary>
/// <remarks>
/// Data are not compressed, because compressors differ between versions and machines: equal pixels give equal bytes.
/// Covers are small anyway.
/// </remarks>
internal static class PngImage
{
    /// <summary>Maximum size of a stored block in bytes (RFC 1951).</summary>
    private const int BlockBytes = 65_535;

    private static readonly uint[] Crcs = [.. Enumerable.Range(0, 256).Select(n => Crc((uint)n))];

    /// <summary>Encodes pixels.</summary>
    /// <param name="pixels">[height, width], row-major; each is an index into the palette.</param>
    /// <param name="width">Width in pixels, an even number.</param>
    /// <param name="palette">At most 16 colours, with red, green and blue in the low 24 bits.</param>
    public static byte[] Encode(ReadOnlySpan<byte> pixels, int width, ReadOnlySpan<uint> palette)
    {
        int height = pixels.Length / width;
        var file = new MemoryStream();
        file.Write([0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A]);
        Span<byte> header = stackalloc byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header[4..], height);
        header[8] = 4;
        header[9] = 3;
        Chunk(file, "IHDR"u8, header);
        var colours = new byte[3 * palette.Length];
        for (int c = 0; c < palette.Length; c++)
        {
            (colours[3 * c], colours[(3 * c) + 1], colours[(3 * c) + 2]) =
                ((byte)(palette[c] >> 16), (byte)(palette[c] >> 8), (byte)palette[c]);
        }

        Chunk(file, "PLTE"u8, colours);
        Chunk(file, "IDAT"u8, Zlib(Lines(pixels, width)));
        Chunk(file, "IEND"u8, []);
        return file.ToArray();
    }

    /// <summary>The rows, each with a leading filter byte (none), two pixels per byte.</summary>
    private static byte[] Lines(ReadOnlySpan<byte> pixels, int width)
    {
        int stride = 1 + (width / 2);
        var lines = new byte[pixels.Length / width * stride];
        for (int p = 0; p < pixels.Length; p += 2)
        {
            lines[(p / width * stride) + 1 + (p % width / 2)] = (byte)((pixels[p] << 4) | pixels[p + 1]);
        }

        return lines;
    }

    /// <summary>A zlib stream (RFC 1950) of stored blocks (RFC 1951), without compression.</summary>
    private static byte[] Zlib(ReadOnlySpan<byte> data)
    {
        var stream = new MemoryStream();
        stream.Write([0x78, 0x01]);
        uint a = 1;
        uint b = 0;
        foreach (byte value in data)
        {
            a = (a + value) % 65_521;
            b = (b + a) % 65_521;
        }

        Span<byte> bytes = stackalloc byte[4];
        for (int from = 0; from < data.Length; from += BlockBytes)
        {
            int length = Math.Min(BlockBytes, data.Length - from);
            stream.WriteByte((byte)(from + length == data.Length ? 1 : 0));
            BinaryPrimitives.WriteUInt16LittleEndian(bytes, (ushort)length);
            BinaryPrimitives.WriteUInt16LittleEndian(bytes[2..], (ushort)~length);
            stream.Write(bytes);
            stream.Write(data.Slice(from, length));
        }

        BinaryPrimitives.WriteUInt32BigEndian(bytes, (b << 16) | a);
        stream.Write(bytes);
        return stream.ToArray();
    }

    private static void Chunk(MemoryStream file, ReadOnlySpan<byte> type, ReadOnlySpan<byte> data)
    {
        Span<byte> number = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(number, data.Length);
        file.Write(number);
        file.Write(type);
        file.Write(data);
        uint crc = Crc(Crc(uint.MaxValue, type), data);
        BinaryPrimitives.WriteUInt32BigEndian(number, ~crc);
        file.Write(number);
    }

    private static uint Crc(uint crc, ReadOnlySpan<byte> data)
    {
        foreach (byte value in data)
        {
            crc = Crcs[(crc ^ value) & 0xFF] ^ (crc >> 8);
        }

        return crc;
    }

    private static uint Crc(uint value)
    {
        for (int bit = 0; bit < 8; bit++)
        {
            value = (value & 1) != 0 ? 0xEDB88320 ^ (value >> 1) : value >> 1;
        }

        return value;
    }
}
