using System.Buffers;

namespace OneRec.Csv.Records;

/// <summary>Splits a stream of UTF-8 into blocks of complete lines.</summary>
/// <param name="stream">The file's text; a byte order mark at its start is skipped.</param>
/// <param name="blockBytes">Size of a block in bytes; a longer line makes a larger block.</param>
/// <param name="cancellation">Checked before each read.</param>
internal sealed class LineBlocks(Stream stream, int blockBytes, CancellationToken cancellation)
{
    private const int TooLongPrefix = 64 << 10;

    private byte[] _left = [];
    private bool _started;
    private bool _skipsLine;

    /// <summary>Reads the next block; null at the end of the stream.</summary>
    public LineBlock? Next()
    {
        byte[] bytes = Rent(blockBytes + _left.Length);
        _left.CopyTo(bytes.AsSpan(1));
        int end = 1 + _left.Length;
        _left = [];
        int searched = 1;
        while (true)
        {
            int read = Fill(bytes, ref end);
            end = Trim(bytes, end, ref searched);
            int line = bytes.AsSpan(searched, end - searched).LastIndexOf((byte)'\n');
            if (line >= 0)
            {
                int lines = searched + line + 1;
                _left = bytes[lines..end];
                return new LineBlock(bytes, lines);
            }

            if (read == 0)
            {
                return end > 1 ? new LineBlock(bytes, end) : null;
            }

            if (end - 1 > LineBlock.MaxBytes)
            {
                _skipsLine = true;
                return new LineBlock(bytes, 1 + TooLongPrefix, isTooLong: true);
            }

            searched = end;
            if (end == bytes.Length)
            {
                byte[] more = Rent((int)Math.Min(2L * bytes.Length, LineBlock.MaxBytes + (1L << 20)));
                bytes.AsSpan(1).CopyTo(more.AsSpan(1));
                ArrayPool<byte>.Shared.Return(bytes);
                bytes = more;
            }
        }
    }

    private static byte[] Rent(int length)
    {
        byte[] bytes = ArrayPool<byte>.Shared.Rent(length + 1);
        bytes[0] = (byte)'\n';
        return bytes;
    }

    /// <summary>Reads until the array is full or the file ends.</summary>
    private int Fill(byte[] bytes, ref int end)
    {
        int all = 0;
        while (end < bytes.Length)
        {
            cancellation.ThrowIfCancellationRequested();
            int read = stream.Read(bytes, end, bytes.Length - end);
            if (read == 0)
            {
                break;
            }

            end += read;
            all += read;
        }

        return all;
    }

    /// <summary>Removes a byte order mark at the start of the file, and the rest of a line that is too long.</summary>
    private int Trim(byte[] bytes, int end, ref int searched)
    {
        int from = 1;
        if (!_started)
        {
            _started = true;
            from += bytes.AsSpan(1, end - 1).StartsWith("\uFEFF"u8) ? 3 : 0;
        }

        if (_skipsLine)
        {
            int line = bytes.AsSpan(1, end - 1).IndexOf((byte)'\n');
            _skipsLine = line < 0;
            from = line < 0 ? end : line + 2;
        }

        if (from > 1)
        {
            bytes.AsSpan(from, end - from).CopyTo(bytes.AsSpan(1));
            searched = 1;
        }

        return end - (from - 1);
    }
}
