using System.Collections.Concurrent;
using System.Net.Sockets;

namespace OneRec.Worker.Sockets;

/// <summary>
/// Notices that Spark closed a task's connection while its kernel computes, and cancels the task: how a killed task
/// ends, since a thread cannot be killed.
/// </summary>
/// <remarks>
/// A kernel that neither reads nor writes for minutes would not meet the closed socket. Linux tells the connection's
/// state without a read; elsewhere the next read or write tells.
/// </remarks>
public sealed class PeerWatch : IDisposable
{
    // <netinet/tcp.h>: tcpi_state is the first byte of TCP_INFO.
    private const int IpProtoTcp = 6;
    private const int TcpInfo = 11;
    private const byte Established = 1;

    private readonly ConcurrentDictionary<Socket, CancellationTokenSource> _watched = new();
    private readonly Timer _timer;

    /// <summary>Starts to look.</summary>
    /// <param name="every">Time between looks.</param>
    public PeerWatch(TimeSpan every) => _timer = new Timer(_ => Look(), null, every, every);

    /// <summary>Watches a connection until the result is disposed.</summary>
    /// <param name="socket">A connected socket.</param>
    /// <param name="task">Cancelled once when the peer has closed.</param>
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

    private void Look()
    {
        foreach ((Socket socket, CancellationTokenSource task) in _watched)
        {
            if (!IsOpen(socket) && _watched.TryRemove(socket, out _))
            {
                // On the pool: what a kernel registered on its token must not stop the watch of the others.
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
            // The task ended meanwhile.
        }
        catch (AggregateException e)
        {
            Console.Error.WriteLine($"onerec-worker: a cancelled task's callback failed: {e.GetBaseException().Message}");
        }
    }

    private sealed class Watching(PeerWatch watch, Socket socket) : IDisposable
    {
        public void Dispose() => watch._watched.TryRemove(socket, out _);
    }
}
