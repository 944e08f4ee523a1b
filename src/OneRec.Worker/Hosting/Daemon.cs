using System.Net;
using System.Net.Sockets;
using OneRec.Kernels.Batches;
using OneRec.Worker.Sockets;
using OneRec.Worker.Tasks;

namespace OneRec.Worker.Hosting;

/// <summary>One process for all tasks of an executor, one thread per task, so that large objects are loaded once.</summary>
public sealed class Daemon : IDisposable
{
    private static readonly TimeSpan WatchInterval = TimeSpan.FromMilliseconds(100);

    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly PeerWatch _watch = new(WatchInterval);
    private readonly Connection _connection;

    /// <summary>Listens on a free loopback port; accepts connections once started.</summary>
    /// <param name="kernels">The kernels by name.</param>
    /// <param name="secret">The secret that Spark will send.</param>
    /// <param name="clock">For task times.</param>
    public Daemon(KernelRegistry kernels, string secret, TimeProvider clock)
    {
        _connection = new Connection(new TaskRunner(kernels, clock), _watch, secret);
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen(1024);
        Port = ((IPEndPoint)_listener.LocalEndPoint!).Port;
    }

    /// <summary>The loopback port.</summary>
    public int Port { get; }

    /// <summary>Accepts connections on its own thread until disposed.</summary>
    public void Start() => new Thread(Accept) { IsBackground = true, Name = "accept" }.Start();

    /// <inheritdoc/>
    public void Dispose()
    {
        _listener.Dispose();
        _watch.Dispose();
    }

    private void Accept()
    {
        while (true)
        {
            Socket socket;
            try
            {
                socket = _listener.Accept();
            }
            catch (SocketException e) when (e.SocketErrorCode is not (SocketError.OperationAborted or SocketError.Interrupted))
            {
                // Too many open files, or a connection reset before it was accepted: the next one may succeed.
                Console.Error.WriteLine($"onerec-worker: cannot accept a connection: {e.Message}");
                continue;
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                return;
            }

            new Thread(() => _connection.ServeAccepted(socket)) { IsBackground = true, Name = "task" }.Start();
        }
    }
}
