using System.Net;
using System.Net.Sockets;

namespace OneRec.Engine.Spark.Jvm.Py4J;

/// <summary>A connection to the gateway, which is one JVM thread. Used by one .NET thread at a time.</summary>
internal sealed class Py4JConnection : IDisposable
{
    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private byte[] _buffer = new byte[1 << 16];
    private int _from;
    private int _to;

    /// <summary>Connects on loopback and sends the secret.</summary>
    /// <exception cref="IOException">The gateway does not respond, or refused the secret.</exception>
    public Py4JConnection(GatewayAddress address)
    {
        try
        {
            _socket.Connect(IPAddress.Loopback, address.Port);
            if (Ask($"A\n{address.Secret}\n") is not ['y', ..])
            {
                throw new IOException("the JVM's gateway refused the secret");
            }
        }
        catch (Exception e)
        {
            _socket.Dispose();
            throw e is SocketException ? new IOException("the gateway of the JVM does not respond", e) : e;
        }
    }

    /// <summary>Sends a command and reads its answer.</summary>
    /// <returns>The answer without its leading <c>!</c>: <c>y</c> or <c>x</c>, then a value.</returns>
    /// <exception cref="IOException">The connection ended.</exception>
    /// <exception cref="InvalidDataException">The answer is not valid in Py4J's protocol.</exception>
    public string Ask(string command)
    {
        try
        {
            ReadOnlySpan<byte> rest = Py4JText.Encode(command);
            while (!rest.IsEmpty)
            {
                rest = rest[_socket.Send(rest)..];
            }

            return ReadLine() is ['!', .. var answer]
                ? answer
                : throw new InvalidDataException("the answer of the JVM's gateway is not valid in Py4J's protocol");
        }
        catch (SocketException e)
        {
            throw new IOException("the connection to the JVM broke", e);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _socket.Dispose();

    private string ReadLine()
    {
        int searched = _from;
        while (true)
        {
            int end = _buffer.AsSpan(searched, _to - searched).IndexOf((byte)'\n');
            if (end >= 0)
            {
                string line = Py4JText.Decode(_buffer.AsSpan(_from, searched + end - _from));
                _from = searched + end + 1;
                return line;
            }

            searched = Fill();
        }
    }

    // Returns the index of the first byte that was not searched yet.
    private int Fill()
    {
        _buffer.AsSpan(_from, _to - _from).CopyTo(_buffer);
        _to -= _from;
        _from = 0;
        if (_to == _buffer.Length)
        {
            Array.Resize(ref _buffer, checked(2 * _buffer.Length));
        }

        int searched = _to;
        int read = _socket.Receive(_buffer.AsSpan(_to));
        _to += read > 0 ? read : throw new IOException("the JVM closed the connection");
        return searched;
    }
}
