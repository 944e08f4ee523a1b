using System.Net;
using System.Net.Sockets;
using OneRec.Core;
using OneRec.Kernels.Remote;
using OneRec.Worker.Sockets;

namespace OneRec.Worker.Protocol;

/// <summary>
/// Fetches broadcasts from the server that Spark opens for a task where it encrypts its files
/// (<c>EncryptedPythonBroadcastServer</c> in <c>PythonRDD.scala</c>).
/// </summary>
public static class BroadcastServer
{
    /// <summary>Reads the broadcasts in the order in which the task's header names them.</summary>
    /// <param name="port">A loopback port.</param>
    /// <param name="secret">Spark's secret for it.</param>
    /// <param name="ids">The ids, in order.</param>
    /// <exception cref="OneRecException">Engine error <c>worker.broadcast</c>.</exception>
    public static IReadOnlyDictionary<long, Broadcast> Fetch(int port, string secret, IReadOnlyList<long> ids)
    {
        ArgumentNullException.ThrowIfNull(ids);
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Connect(IPAddress.Loopback, port);
        using var input = new BufferedStream(new SocketInputStream(socket), 1 << 16);
        using var output = new SocketOutputStream(socket);
        var reader = new WireReader(input);
        Secret.Offer(secret, reader, new WireWriter(output));
        var found = new Dictionary<long, Broadcast>(ids.Count);
        foreach (long id in ids)
        {
            if (reader.ReadLong() is var sent && sent != id)
            {
                throw OneRecException.Engine("worker.broadcast", $"Spark sent broadcast {sent} where {id} was due");
            }

            long length = SideFraming.ReadHeader(input);
            if (length > Array.MaxLength)
            {
                throw OneRecException.Engine("worker.broadcast", $"a side input of {length} bytes is too large to decrypt");
            }

            byte[] bytes = new byte[length];
            input.ReadExactly(bytes);
            found.Add(id, Broadcast.InMemory(bytes));
        }

        output.WriteByte((byte)'1');
        return found;
    }
}
