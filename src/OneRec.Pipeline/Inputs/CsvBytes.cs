using System.Buffers;
using System.Text.Unicode;

namespace OneRec.Pipeline.Inputs;

/// <summary>Looks at every byte of a CSV file before an engine does.</summary>
/// <remarks>
/// DuckDB reads a gzip file that is cut off at the end of a record as a whole one, does not look at its checksum, and ends
/// with a fault of its own that spoils the session where the last value of a file is no UTF-8. This costs about 0.3 s a GB.
/// </remarks>
internal static class CsvBytes
{
    private const int Block = 1 << 20;

    /// <summary>Whether a file's text is UTF-8.</summary>
    /// <exception cref="Core.OneRecException">Input error <c>input.gzip</c>: it is named <c>.gz</c> and is no whole gzip file.</exception>
    public static bool AreUtf8(string file)
    {
        byte[] block = ArrayPool<byte>.Shared.Rent(Block);
        try
        {
            using Stream bytes = CsvText.Open(file);
            bool valid = true;
            int kept = 0;
            while (bytes.Read(block, kept, Block - kept) is > 0 and int read)
            {
                int length = kept + read;
                kept = Open(block.AsSpan(0, length));
                valid = valid && Utf8.IsValid(block.AsSpan(0, length - kept));
                block.AsSpan(length - kept, kept).CopyTo(block);
                if (!valid && !CsvText.IsPacked(file))
                {
                    return false;
                }
            }

            return valid && kept == 0;
        }
        catch (InvalidDataException e)
        {
            throw CsvText.Damaged(file, e);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(block);
        }
    }

    /// <summary>Bytes at the end that begin a character and do not end it.</summary>
    private static int Open(ReadOnlySpan<byte> bytes)
    {
        for (int back = 1; back <= Math.Min(3, bytes.Length); back++)
        {
            byte b = bytes[^back];
            if ((b & 0xC0) != 0x80)
            {
                int length = b >= 0xF0 ? 4 : b >= 0xE0 ? 3 : b >= 0xC0 ? 2 : 1;
                return length > back ? back : 0;
            }
        }

        return 0;
    }
}
