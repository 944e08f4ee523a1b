using System.Buffers;
using OneRec.Core;

namespace OneRec.Delta;

/// <summary>Finds pages of a Parquet file that inflate to far more memory than they take in the file.</summary>
/// <remarks>
/// A reader decompresses a page as a whole, into as many bytes as its header says. Only the headers are read here; what they say is
/// what a reader allocates, whatever the footer says.
/// </remarks>
public static class PageBombs
{
    /// <summary>A smaller page is harmless.</summary>
    private const long AllowedBytes = 256L << 20;

    /// <summary>Real data, such as vectors in bytes, makes large pages too, but they are large in the file.</summary>
    private const int AllowedRatio = 100;

    private const int FirstRead = 256;
    private const int LongestHeader = 1 << 20;

    /// <summary>Checks the headers of all pages. Damage is left to the reader, which names it.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="OneRecException">
    /// Input error <c>input.parquet</c>: a page inflates to more than 256 MiB and more than a hundred times its size (exit 3).
    /// </exception>
    public static void Require(string path)
    {
        if (Find(path) is { } bomb)
        {
            throw OneRecException.Input(
                "input.parquet",
                $"{path}: a page of {bomb.Stored:N0} bytes inflates to {bomb.Inflated >> 20:N0} MiB; write the file with smaller pages "
                    + "(data_page_size, parquet.page.size), or remove it");
        }
    }

    /// <summary>The first such page: its bytes in the file and in memory; null if there is none, or if the file is damaged.</summary>
    internal static (long Stored, long Inflated)? Find(string path)
    {
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 4096);
            foreach ((long start, long length, _) in ChunkPlaces.Read(file))
            {
                if (Find(file, start, length) is { } bomb)
                {
                    return bomb;
                }
            }
        }
        catch (Exception e) when (e is IOException or InvalidDataException or UnauthorizedAccessException)
        {
            // The reader says what is wrong with the file.
        }

        return null;
    }

    private static (long Stored, long Inflated)? Find(FileStream file, long start, long length)
    {
        long at = start;
        while (at < start + length && TryHeader(file, at, out PageHeader page))
        {
            if (page.InflatedBytes > AllowedBytes && page.InflatedBytes > AllowedRatio * (long)page.PageBytes)
            {
                return (page.PageBytes, page.InflatedBytes);
            }

            at += page.Length + (long)page.PageBytes;
        }

        return null;
    }

    private static bool TryHeader(FileStream file, long at, out PageHeader header)
    {
        header = default;
        for (int size = FirstRead; size <= LongestHeader; size *= 16)
        {
            byte[] bytes = new byte[size];
            file.Position = at;
            int read = file.ReadAtLeast(bytes, size, throwOnEndOfStream: false);
            OperationStatus status = PageHeader.TryRead(bytes.AsSpan(0, read), out header);
            if (status != OperationStatus.NeedMoreData || read < size)
            {
                return status == OperationStatus.Done;
            }
        }

        return false;
    }
}
