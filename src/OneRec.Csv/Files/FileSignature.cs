namespace OneRec.Csv.Files;

/// <summary>Recognizes files that are not UTF-8 text by their first bytes.</summary>
internal static class FileSignature
{
    /// <summary>What the file is and how to fix it; null if its first bytes are not a known signature.</summary>
    public static string? Problem(ReadOnlySpan<byte> head)
    {
        if (head.StartsWith((ReadOnlySpan<byte>)[0x1F, 0x8B]))
        {
            return "is a gzip file; rename it to end in .csv.gz";
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
            return "is a Zstandard file; decompress it, or compress it with gzip as .csv.gz";
        }

        bool isUtf16 = head.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xFE]) || head.StartsWith((ReadOnlySpan<byte>)[0xFE, 0xFF])
            || (head.Length >= 4 && (head[0] == 0) != (head[1] == 0) && (head[2] == 0) != (head[3] == 0) && (head[0] == 0) == (head[2] == 0));
        return isUtf16 ? "is UTF-16; convert it to UTF-8, for example with iconv -f UTF-16 -t UTF-8" : null;
    }
}
