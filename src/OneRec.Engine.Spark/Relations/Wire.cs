using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;
using OneRec.Core;

namespace OneRec.Engine.Spark.Relations;

/// <summary>A loopback connection to a server of Spark's driver, authenticated with its secret.</summary>
/// <remarks><c>SocketAuthHelper.scala</c>: the secret as text, answered by the text <c>ok</c>; big-endian.</remarks>
internal sealed class Wire : IDisposable
{
    private readonly Socket _socket;
    private readonly NetworkStream _stream;

    /// <summary>Connects and sends the secret.</summary>
    /// <exception cref="OneRecException">Engine error <c>spark.socket</c>: the driver does not respond or refused the secret.</exception>
    public Wire(int port, string secret)
    {
        _socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            _socket.Connect(IPAddress.Loopback, port);
            _stream = new NetworkStream(_socket);
            Input = new BufferedStream(_stream, 1 << 16);
            byte[] offer = Encoding.UTF8.GetBytes(secret);
            WriteInt(offer.Length);
            Write(offer);
            if (ReadText() != "ok")
            {
                throw new IOException("the secret was refused");
            }
        }
        catch (Exception e) when (e is SocketException or IOException)
        {
            _socket.Dispose();
            throw OneRecException.Engine("spark.socket", $"Spark's driver does not respond on its socket ({e.Message})", e);
        }
    }

    /// <summary>The data that Spark sends. It is buffered, so read it only through this stream.</summary>
    public Stream Input { get; }

    /// <summary>Four bytes.</summary>
    public int ReadInt()
    {
        Span<byte> bytes = stackalloc byte[sizeof(int)];
        Input.ReadExactly(bytes);
        return BinaryPrimitives.ReadInt32BigEndian(bytes);
    }

    /// <summary>An int length and UTF-8 bytes.</summary>
    public string ReadText()
    {
        byte[] bytes = new byte[ReadInt()];
        Input.ReadExactly(bytes);
        return Encoding.UTF8.GetString(bytes);
    }

    /// <summary>Four bytes.</summary>
    public void WriteInt(int value)
    {
        Span<byte> bytes = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32BigEndian(bytes, value);
        Write(bytes);
    }

    /// <summary>Raw bytes.</summary>
    public void Write(ReadOnlySpan<byte> bytes) => _stream.Write(bytes);

    /// <inheritdoc/>
    public void Dispose()
    {
        Input.Dispose();
        _socket.Dispose();
    }
}
