using System.Net.Sockets;
using OneRec.Core;

namespace OneRec.Worker.Sockets;

/// <summary>The data that we send to Spark on a socket, unbuffered.</summary>
/// <exception cref="PeerGoneException">On a write, if the connection has ended.</exception>
public sealed class SocketOutputStream(Socket socket) : WriteOnlyStream
{
    /// <inheritdoc/>
    public override void Write(ReadOnlySpan<byte> buffer)
    {
        try
        {
            while (!buffer.IsEmpty)
            {
                buffer = buffer[socket.Send(buffer)..];
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            throw new PeerGoneException("the connection to Spark broke", e);
        }
    }
}
