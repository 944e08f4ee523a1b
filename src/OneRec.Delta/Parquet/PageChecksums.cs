using System.Buffers;

namespace OneRec.Delta;

/// <summary>
/// Verifies the checksums of a Parquet file's pages without decoding them: the SQL engine ignores them, and a flipped bit
/// often decodes to another value.
/// </summary>
internal static class PageChecksums
{
    private const int ReadBytes = 1 << 20;

    /// <summary>Reads a file to its end.</summary>
    /// <param name="path">The file.</param>
    /// <returns>
    /// False if a page differs from its checksum, or if the pages of a file with checksums do not fill its columns. A file
    /// without checksums passes.
    /// </returns>
    /// <exception cref="InvalidDataException">The footer cannot be read.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static bool AreRight(string path)
    {
        byte[] buffer = ArrayPool<byte>.Shared.Rent(ReadBytes);
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 1, FileOptions.SequentialScan);
            List<(long Start, long Length, long Values)> chunks = ChunkPlaces.Read(file);
            bool anyChecksum = false;
            bool whole = true;
            foreach ((long start, long length, long values) in chunks)
            {
                file.Position = start;
                var pages = new Pages(file, length, buffer);
                bool right = pages.Verify() && pages.Values == values;
                anyChecksum |= pages.AnyChecksum;
                whole &= right;
                if (anyChecksum && !whole)
                {
                    return false;
                }
            }

            return true;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>The pages of one column chunk.</summary>
    private sealed class Pages(FileStream file, long length, byte[] buffer)
    {
        private long _left = length;
        private int _start;
        private int _end;

        public bool AnyChecksum { get; private set; }

        /// <summary>Values in the pages; a page header that names another kind of page would drop them in silence.</summary>
        public long Values { get; private set; }

        public bool Verify()
        {
            while (_left > 0 || _start < _end)
            {
                if (!TryHeader(out PageHeader header) || header.PageBytes > _left + _end - _start)
                {
                    return false;
                }

                uint crc = Page(header.PageBytes);
                Values += header.Values;
                AnyChecksum |= header.Crc is not null;
                if (header.Crc is { } expected && crc != expected)
                {
                    return false;
                }
            }

            return true;
        }

        private bool TryHeader(out PageHeader header)
        {
            while (true)
            {
                OperationStatus status = PageHeader.TryRead(buffer.AsSpan(_start, _end - _start), out header);
                if (status != OperationStatus.NeedMoreData)
                {
                    _start += header.Length;
                    return status == OperationStatus.Done;
                }

                if (!Fill())
                {
                    return false;
                }
            }
        }

        private uint Page(int bytes)
        {
            uint crc = 0;
            while (bytes > 0 && (_start < _end || Fill()))
            {
                int part = Math.Min(bytes, _end - _start);
                crc = Crc32.Append(crc, buffer.AsSpan(_start, part));
                _start += part;
                bytes -= part;
            }

            return crc;
        }

        /// <summary>Reads more of the chunk behind what is left in the buffer; false if there is nothing more, or no room.</summary>
        private bool Fill()
        {
            buffer.AsSpan(_start, _end - _start).CopyTo(buffer);
            (_start, _end) = (0, _end - _start);
            int read = file.Read(buffer, _end, (int)Math.Min(buffer.Length - _end, _left));
            _end += read;
            _left -= read;
            return read > 0;
        }
    }
}
