using System.Net.Sockets;
using OneRec.Core;
using OneRec.Worker.Protocol;
using OneRec.Worker.Sockets;
using OneRec.Worker.Tasks;

namespace OneRec.Worker.Hosting;

/// <summary>One connection, one task: greeting, the task, and a close that loses nothing.</summary>
/// <param name="runner">Runs the task.</param>
/// <param name="watch">Notices that Spark has hung up.</param>
/// <param name="secret">The executor's secret.</param>
public sealed class Connection(TaskRunner runner, PeerWatch watch, string secret)
{
    private const int BufferSize = 1 << 16;
    private static readonly TimeSpan GreetingLimit = TimeSpan.FromSeconds(30);

    /// <summary>Serves a connection that Spark opened to our daemon; never throws.</summary>
    /// <param name="socket">Disposed here.</param>
    public void ServeAccepted(Socket socket) => Serve(socket, (from, to) =>
    {
        to.WriteInt(Environment.ProcessId);
        to.Flush();
        return Secret.Accept(secret, from, to);
    });

    /// <summary>Serves a connection that we opened to Spark, where it starts a process a task; never throws.</summary>
    /// <param name="socket">Disposed here.</param>
    public void ServeConnected(Socket socket) => Serve(socket, (from, to) =>
    {
        Secret.Offer(secret, from, to);
        to.WriteInt(Environment.ProcessId);
        to.Flush();
        return true;
    });

    private static void Tell(string line) => Console.Error.WriteLine($"onerec-worker: {line}");

    private void Serve(Socket socket, Func<WireReader, WireWriter, bool> greet)
    {
        using (socket)
        {
            try
            {
                // Two buffers: one that served both ways would have to seek between them.
                using var input = new BufferedStream(new SocketInputStream(socket), BufferSize);
                using var output = new BufferedStream(new SocketOutputStream(socket), BufferSize);
                socket.NoDelay = true;
                socket.ReceiveTimeout = (int)GreetingLimit.TotalMilliseconds;
                if (!greet(new WireReader(input), new WireWriter(output)))
                {
                    Tell("a connection did not know the secret and was closed");
                    return;
                }

                socket.ReceiveTimeout = 0;
                RunTask(socket, input, output);
                Drain(socket);
            }
            catch (PeerGoneException)
            {
                // Spark hung up: the task was cancelled, or its executor is dying. Nobody is left to tell.
            }
            catch (Exception e) when (e is OneRecException or SocketException or ObjectDisposedException or NotSupportedException)
            {
                Tell(e.Message);
            }
            catch (Exception e)
            {
                // The thread's edge: an exception that passes it ends the process and every task in it.
                Tell($"a bug of ours: {e}");
            }
        }
    }

    private void RunTask(Socket socket, Stream input, Stream output)
    {
        using var cancelled = new CancellationTokenSource();
        using IDisposable watching = watch.Watch(socket, cancelled);
        if (runner.Run(input, output, cancelled.Token) is { } failure)
        {
            Tell($"task failed: {failure.Code}: {failure.Message}");
        }
    }

    // A socket closed with unread input is reset, and the JVM may lose our last bytes with it: read until Spark closes.
    private static void Drain(Socket socket)
    {
        byte[] rest = new byte[BufferSize];
        try
        {
            while (socket.Receive(rest) > 0)
            {
            }
        }
        catch (SocketException)
        {
            // Reset by Spark: as closed as by an end.
        }
    }
}
