using System.Net;
using System.Net.Sockets;
using OneRec.Core;
using OneRec.Kernels.Remote;
using OneRec.Worker.Sockets;

namespace OneRec.Worker.Protocol;

/// <summary>The bytes of a broadcast: in a file of the executor or, if Spark encrypts its files, in memory.</summary>
public sealed class Broadcast
{
    private readonly string? _path;
    private readonly byte[] _bytes;

    private Broadcast(string? path, byte[] bytes)
    {
        _path = path;
        _bytes = bytes;
    }

    /// <summary>Bytes in a file.</summary>
    public static Broadcast InFile(string path) => new(path, []);

    /// <summary>Bytes in memory, without the length field.</summary>
    public static Broadcast InMemory(byte[] bytes) => new(null, bytes);

    /// <summary>Opens the framed bytes (<see cref="SideFraming"/>) at their start.</summary>
    /// <exception cref="OneRecException">Engine error <c>worker.broadcast</c>: the file cannot be read.</exception>
    public Stream Open()
    {
        if (_path is null)
        {
            return new MemoryStream(_bytes, writable: false);
        }

        try
        {
            var file = new FileStream(_path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 1 << 16);
            SideFraming.ReadHeader(file);
            return file;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            throw OneRecException.Engine("worker.broadcast", $"{_path}: cannot read a side input ({e.Message})", e);
        }
    }
}

/// <summary>
/// Fetches broadcasts from the server that Spark opens for a task if it encrypts its files
/// (<c>EncryptedPythonBroadcastServer</c> in <c>PythonRDD.scala</c>).
/// </summary>
public static class BroadcastServer
{
    /// <summary>Reads the broadcasts in the order in which the task's header lists them.</summary>
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
                throw OneRecException.Engine("worker.broadcast", $"Spark sent broadcast {sent} instead of {id}");
            }

            long length = SideFraming.ReadHeader(input);
            if (length > Array.MaxLength)
            {
                throw OneRecException.Engine("worker.broadcast", $"a side input of {length} bytes is too large to decrypt in memory");
            }

            byte[] bytes = new byte[length];
            input.ReadExactly(bytes);
            found.Add(id, Broadcast.InMemory(bytes));
        }

        output.WriteByte((byte)'1');
        return found;
    }
}
