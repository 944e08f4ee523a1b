namespace OneRec.Delta;

/// <summary>The CRC-32 of zlib and gzip (IEEE 802.3, reflected, polynomial 0xEDB88320), eight bytes at a time.</summary>
internal static class Crc32
{
    private const int Slices = 8;
    private static readonly uint[][] Tables = NewTables();

    /// <summary>Continues a checksum.</summary>
    /// <param name="crc">The checksum of the bytes before; 0 at the start.</param>
    /// <param name="bytes">The next bytes.</param>
    public static uint Append(uint crc, ReadOnlySpan<byte> bytes)
    {
        uint c = ~crc;
        while (bytes.Length >= Slices)
        {
            c ^= System.Buffers.Binary.BinaryPrimitives.ReadUInt32LittleEndian(bytes);
            c = Tables[7][c & 0xff] ^ Tables[6][c >> 8 & 0xff] ^ Tables[5][c >> 16 & 0xff] ^ Tables[4][c >> 24]
                ^ Tables[3][bytes[4]] ^ Tables[2][bytes[5]] ^ Tables[1][bytes[6]] ^ Tables[0][bytes[7]];
            bytes = bytes[Slices..];
        }

        foreach (byte b in bytes)
        {
            c = Tables[0][(c ^ b) & 0xff] ^ c >> 8;
        }

        return ~c;
    }

    private static uint[][] NewTables()
    {
        var tables = new uint[Slices][];
        for (int slice = 0; slice < Slices; slice++)
        {
            tables[slice] = new uint[256];
            for (uint i = 0; i < 256; i++)
            {
                uint c = slice == 0 ? i : tables[slice - 1][i];
                for (int bit = 0; bit < (slice == 0 ? 8 : 0); bit++)
                {
                    c = (c & 1) == 1 ? 0xEDB88320 ^ c >> 1 : c >> 1;
                }

                tables[slice][i] = slice == 0 ? c : tables[0][c & 0xff] ^ c >> 8;
            }
        }

        return tables;
    }
}
