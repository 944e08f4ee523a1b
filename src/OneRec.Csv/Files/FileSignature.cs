namespace OneRec.Csv.Files;

/// <summary>Recognizes files that are not UTF-8 text by their first bytes.</summary>
internal static class FileSignature
{
    /// <summary>What the file is and how to fix it; null if its first bytes are not a known signature.</summary>
    /// <param name="head">The first bytes.</param>
    /// <param name="isUnpacked">Whether they were decompressed.</param>
    public static string? Problem(ReadOnlySpan<byte> head, bool isUnpacked)
    {
        if (head.StartsWith((ReadOnlySpan<byte>)[0x1F, 0x8B]))
        {
            return isUnpacked ? "is a gzip file within a compressed file; decompress it once" : "is a gzip file; rename it to end in .gz";
        }

        if (head.StartsWith("BZh"u8) && head.Length > 9 && head[4..].StartsWith((ReadOnlySpan<byte>)[0x31, 0x41, 0x59, 0x26, 0x53, 0x59]))
        {
            return "is a bzip2 file; decompress it, or compress it with gzip or zstd";
        }

        if (head.StartsWith((ReadOnlySpan<byte>)[0xFD, 0x37, 0x7A, 0x58, 0x5A, 0x00]))
        {
            return "is an xz file; decompress it, or compress it with gzip or zstd";
        }

        if (head.StartsWith("PAR1"u8))
        {
            return "is a Parquet file; rename it to end in .parquet";
        }

        if (head.StartsWith("PK\x03\x04"u8))
        {
            return "is a ZIP archive or a spreadsheet; save it as CSV (UTF-8)";
        }

        if (head.StartsWith((ReadOnlySpan<byte>)[0x28, 0xB5, 0x2F, 0xFD]))
        {
            return isUnpacked ? "is a Zstandard file within a compressed file; decompress it once" : "is a Zstandard file; rename it to end in .zst";
        }

        if (head.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xFE, 0, 0]) || head.StartsWith((ReadOnlySpan<byte>)[0, 0, 0xFE, 0xFF]))
        {
            return "is UTF-32; convert it to UTF-8, for example with iconv -f UTF-32 -t UTF-8";
        }

        bool isUtf16 = head.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xFE]) || head.StartsWith((ReadOnlySpan<byte>)[0xFE, 0xFF])
            || (head.Length >= 4 && (head[0] == 0) != (head[1] == 0) && (head[2] == 0) != (head[3] == 0) && (head[0] == 0) == (head[2] == 0));
        // Without a byte order mark, iconv takes UTF-16 for little-endian.
        string name = isUtf16 && head[0] == 0 ? "UTF-16BE" : "UTF-16";
        return isUtf16 ? $"is UTF-16; convert it to UTF-8, for example with iconv -f {name} -t UTF-8" : null;
    }
}
