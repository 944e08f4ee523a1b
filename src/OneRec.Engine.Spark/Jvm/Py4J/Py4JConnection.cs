using System.Net;
using System.Net.Sockets;

namespace OneRec.Engine.Spark.Jvm.Py4J;

/// <summary>One connection to the gateway: one JVM thread. Used by one .NET thread at a time.</summary>
internal sealed class Py4JConnection : IDisposable
{
    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private byte[] _buffer = new byte[1 << 16];
    private int _from;
    private int _to;

    /// <summary>Connects to loopback and offers the secret.</summary>
    /// <exception cref="IOException">Nobody there, or the secret was refused.</exception>
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
            throw e is SocketException ? new IOException("no gateway of a JVM answers", e) : e;
        }
    }

    /// <summary>Sends a command and takes its answer.</summary>
    /// <returns>The answer without its leading <c>!</c>: <c>y</c> or <c>x</c>, then a value.</returns>
    /// <exception cref="IOException">The connection ended.</exception>
    /// <exception cref="InvalidDataException">The answer is none of Py4J's.</exception>
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
                : throw new InvalidDataException("the JVM's gateway gave an answer that is none of Py4J's");
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

    // Returns where the bytes that were not yet searched begin.
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
