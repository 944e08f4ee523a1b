using OneRec.Engine.Spark.Jvm;

namespace OneRec.Engine.Spark.Session;

/// <summary>A file of a Hadoop file system, read at any offset by the driver: for headers, samples and footers.</summary>
/// <remarks>Blocks of 256 KiB are fetched through the bridge, one at a time. Not thread-safe.</remarks>
internal sealed class HadoopStream : Stream
{
    private const int BlockBytes = 256 << 10;

    private readonly SparkSession _session;
    private readonly JvmObject _file;
    private readonly string _path;
    private byte[] _block = [];
    private long _blockAt;

    /// <summary>Opens a file.</summary>
    /// <param name="session">The session.</param>
    /// <param name="path">Its full path.</param>
    /// <param name="length">Its size in bytes.</param>
    /// <exception cref="JvmException">It cannot be opened.</exception>
    public HadoopStream(SparkSession session, string path, long length)
    {
        (_session, _path, Length) = (session, path, length);
        _file = HadoopFiles.OpenFile(session, path);
    }

    /// <inheritdoc/>
    public override bool CanRead => true;

    /// <inheritdoc/>
    public override bool CanSeek => true;

    /// <inheritdoc/>
    public override bool CanWrite => false;

    /// <inheritdoc/>
    public override long Length { get; }

    /// <inheritdoc/>
    public override long Position { get; set; }

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    /// <inheritdoc/>
    /// <remarks>Fills the buffer unless the file ends: the Parquet library takes fewer bytes for the end.</remarks>
    /// <exception cref="IOException">The file system does not give the bytes.</exception>
    public override int Read(Span<byte> buffer)
    {
        int filled = 0;
        while (filled < buffer.Length && Position < Length)
        {
            if (Position < _blockAt || Position >= _blockAt + _block.Length)
            {
                Fetch();
            }

            ReadOnlySpan<byte> here = _block.AsSpan((int)(Position - _blockAt));
            here = here[..Math.Min(here.Length, buffer.Length - filled)];
            here.CopyTo(buffer[filled..]);
            filled += here.Length;
            Position += here.Length;
        }

        return filled;
    }

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => Position = origin switch
    {
        SeekOrigin.Begin => offset,
        SeekOrigin.Current => Position + offset,
        _ => Length + offset,
    };

    /// <inheritdoc/>
    public override void Flush()
    {
    }

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            try
            {
                _file.Call("close");
            }
            catch (JvmException)
            {
                // Nothing was written, so a failure to close loses nothing.
            }

            _file.Dispose();
        }

        base.Dispose(disposing);
    }

    private void Fetch()
    {
        try
        {
            _session.Times.In(SparkTimes.Phase.Plan, () =>
            {
                _file.Call("seek", Position);
                using JvmObject part = _session.Jvm.New(
                    "org.apache.commons.io.input.BoundedInputStream", _file, Math.Min(BlockBytes, Length - Position));
                return (_block, _blockAt) = (HadoopFiles.ReadToEnd(part), Position);
            });
        }
        catch (JvmException e)
        {
            throw new IOException(e.Chain.Count > 0 && e.Chain[^1].Message.Length > 0 ? e.Chain[^1].Message.Split('\n')[0] : e.Message, e);
        }

        if (_block.Length == 0)
        {
            throw new IOException($"{_path} became shorter while it was read");
        }
    }
}
