using System.IO.Compression;

namespace OneRec.Csv.Files;

/// <summary>The text of a gzip file that must consist of complete gzip members only.</summary>
/// <remarks>
/// <see cref="GZipStream"/> silently ignores trailing bytes that are not a gzip member. This stream therefore passes the end of
/// the file to it byte by byte: it reads past the end only if the last member ends where the file does.
/// </remarks>
internal sealed class GzipText(Stream file) : Stream
{
    private readonly Tail _tail = new(file);
    private GZipStream? _text;

    /// <inheritdoc/>
    public override bool CanRead => true;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override bool CanWrite => false;

    /// <inheritdoc/>
    public override long Length => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <inheritdoc/>
    /// <exception cref="InvalidDataException">The file is truncated, damaged, or has bytes after its last member.</exception>
    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    /// <inheritdoc/>
    /// <exception cref="InvalidDataException">The file is truncated, damaged, or has bytes after its last member.</exception>
    public override int Read(Span<byte> buffer)
    {
        _text ??= new GZipStream(_tail, CompressionMode.Decompress, leaveOpen: true);
        int read = _text.Read(buffer);
        return read > 0 || buffer.Length == 0 || _tail.IsAtEnd
            ? read
            : throw new InvalidDataException("there are bytes after the last gzip member");
    }

    /// <inheritdoc/>
    public override void Flush()
    {
    }

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        _text?.Dispose();
        file.Dispose();
        base.Dispose(disposing);
    }

    /// <summary>Passes on the last bytes of a file one by one.</summary>
    private sealed class Tail(Stream file) : Stream
    {
        private const int TailBytes = 16 << 10;

        private readonly byte[] _last = new byte[TailBytes];
        private long _left = file.Length - file.Position;
        private int _at = TailBytes;

        /// <summary>Whether a read went past the end of the file.</summary>
        public bool IsAtEnd { get; private set; }

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

        public override int Read(Span<byte> buffer)
        {
            if (_left > TailBytes)
            {
                int most = (int)Math.Min(buffer.Length, _left - TailBytes);
                int read = file.Read(buffer[..most]);
                _left = read == 0 ? 0 : _left - read;
                IsAtEnd = read == 0;
                return read;
            }

            if (_left == 0 || buffer.Length == 0)
            {
                IsAtEnd |= _left == 0;
                return 0;
            }

            if (_at == TailBytes)
            {
                _at = TailBytes - (int)_left;
                file.ReadExactly(_last, _at, (int)_left);
            }

            buffer[0] = _last[_at++];
            _left--;
            return 1;
        }

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
