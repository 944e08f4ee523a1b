namespace OneRec.Export.Files;

/// <summary>A file of an export, while it is written.</summary>
/// <param name="path">A path that does not exist.</param>
internal sealed class ExportFile(string path) : Stream
{
    private const int BufferBytes = 1 << 20;
    private const int FileTooLarge = 27; // EFBIG, on both Linux and macOS

    private readonly BufferedStream _buffer = new(new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.Read, 0), BufferBytes);

    /// <inheritdoc/>
    public override bool CanRead => false;

    /// <inheritdoc/>
    public override bool CanSeek => true;

    /// <inheritdoc/>
    public override bool CanWrite => true;

    /// <inheritdoc/>
    public override long Length => _buffer.Length;

    /// <inheritdoc/>
    public override long Position
    {
        get => _buffer.Position;
        set => _ = Seek(value, SeekOrigin.Begin);
    }

    /// <inheritdoc/>
    public override void Write(ReadOnlySpan<byte> buffer)
    {
        try
        {
            _buffer.Write(buffer);
        }
        catch (ArgumentOutOfRangeException e)
        {
            throw TooLarge(e);
        }
    }

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    /// <inheritdoc/>
    public override void WriteByte(byte value) => Write([value]);

    /// <inheritdoc/>
    /// <remarks>Does nothing: writers of JSON flush after every row. The end of the file is what counts.</remarks>
    public override void Flush()
    {
    }

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin)
    {
        try
        {
            return _buffer.Seek(offset, origin);
        }
        catch (ArgumentOutOfRangeException e)
        {
            throw TooLarge(e);
        }
    }

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            try
            {
                _buffer.Dispose();
            }
            catch (ArgumentOutOfRangeException e)
            {
                throw TooLarge(e);
            }
        }

        base.Dispose(disposing);
    }

    // So .NET tells EFBIG, the error of a file-size limit, as if the caller had passed a wrong number.
    private IOException TooLarge(ArgumentOutOfRangeException e) => new($"File too large : '{path}'", e) { HResult = FileTooLarge };
}
