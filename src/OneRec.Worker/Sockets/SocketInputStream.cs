using System.Net.Sockets;

namespace OneRec.Worker.Sockets;

/// <summary>The data that Spark sends on a socket, unbuffered. End of stream is an error, because messages have a marked end.</summary>
/// <exception cref="PeerGoneException">On a read, if the connection has ended.</exception>
public sealed class SocketInputStream(Socket socket) : Stream
{
    // <netinet/tcp.h>. The JVM writes a task in small pieces and waits for the acknowledgement of each one. Without this option,
    // which lasts for one read, Linux delays the acknowledgement by 40 ms.
    private const int IpProtoTcp = 6;
    private const int TcpQuickAck = 12;
    private static readonly byte[] On = BitConverter.GetBytes(1);

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
    public override int Read(Span<byte> buffer)
    {
        if (buffer.IsEmpty)
        {
            return 0;
        }

        try
        {
            if (OperatingSystem.IsLinux())
            {
                socket.SetRawSocketOption(IpProtoTcp, TcpQuickAck, On);
            }

            if (socket.Receive(buffer) is > 0 and int read)
            {
                return read;
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            throw new PeerGoneException("the connection to Spark broke", e);
        }

        throw new PeerGoneException("Spark closed the connection");
    }

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

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
}
