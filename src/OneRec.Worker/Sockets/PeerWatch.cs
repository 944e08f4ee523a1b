using System.Collections.Concurrent;
using System.Net.Sockets;

namespace OneRec.Worker.Sockets;

/// <summary>
/// Detects that Spark has closed a task's connection while its kernel computes, and cancels the task. This is how a killed
/// task ends, because a thread cannot be killed.
/// </summary>
/// <remarks>
/// A kernel that neither reads nor writes for minutes would not notice the closed socket. On Linux, the state of a connection
/// can be read without reading data; elsewhere, the next read or write shows it.
/// </remarks>
public sealed class PeerWatch : IDisposable
{
    // <netinet/tcp.h>: tcpi_state is the first byte of TCP_INFO.
    private const int IpProtoTcp = 6;
    private const int TcpInfo = 11;
    private const byte Established = 1;

    private readonly ConcurrentDictionary<Socket, CancellationTokenSource> _watched = new();
    private readonly Timer _timer;

    /// <summary>Starts polling.</summary>
    /// <param name="every">The polling interval.</param>
    public PeerWatch(TimeSpan every) => _timer = new Timer(_ => Poll(), null, every, every);

    /// <summary>Watches a connection until the result is disposed.</summary>
    /// <param name="socket">A connected socket.</param>
    /// <param name="task">Cancelled when the peer has closed the connection.</param>
    public IDisposable Watch(Socket socket, CancellationTokenSource task)
    {
        _watched[socket] = task;
        return new Watching(this, socket);
    }

    /// <inheritdoc/>
    public void Dispose() => _timer.Dispose();

    private static bool IsOpen(Socket socket)
    {
        if (!OperatingSystem.IsLinux())
        {
            return true;
        }

        try
        {
            Span<byte> state = stackalloc byte[1];
            return socket.GetRawSocketOption(IpProtoTcp, TcpInfo, state) < 1 || state[0] == Established;
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            return false;
        }
    }

    private void Poll()
    {
        foreach ((Socket socket, CancellationTokenSource task) in _watched)
        {
            if (!IsOpen(socket) && _watched.TryRemove(socket, out _))
            {
                // On the thread pool: callbacks that a kernel registered on its token must not delay the other tasks.
                _ = Task.Run(() => Cancel(task));
            }
        }
    }

    private static void Cancel(CancellationTokenSource task)
    {
        try
        {
            task.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // The task has ended in the meantime.
        }
        catch (AggregateException e)
        {
            Console.Error.WriteLine($"onerec-worker: a callback of a cancelled task failed: {e.GetBaseException().Message}");
        }
    }

    private sealed class Watching(PeerWatch watch, Socket socket) : IDisposable
    {
        public void Dispose() => watch._watched.TryRemove(socket, out _);
    }
}

/// <summary>The connection to Spark ended: the task was cancelled or its executor died. Never caused by a kernel.</summary>
/// <remarks>Not an <see cref="IOException"/>, so that a kernel that handles its own I/O errors does not catch it.</remarks>
public sealed class PeerGoneException(string message, Exception? inner = null) : Exception(message, inner);
