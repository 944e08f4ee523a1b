using System.Net.Sockets;
using OneRec.Core;
using OneRec.Worker.Protocol;
using OneRec.Worker.Sockets;
using OneRec.Worker.Tasks;

namespace OneRec.Worker.Hosting;

/// <summary>Serves one connection with one task: the handshake, the task, and a close that loses no data.</summary>
/// <param name="runner">Runs the task.</param>
/// <param name="watch">Detects when Spark closes the connection.</param>
/// <param name="secret">The executor's secret.</param>
public sealed class Connection(TaskRunner runner, PeerWatch watch, string secret)
{
    private const int BufferSize = 1 << 16;
    private static readonly TimeSpan GreetingLimit = TimeSpan.FromSeconds(30);

    /// <summary>Serves a connection that Spark opened to the daemon; never throws.</summary>
    /// <param name="socket">Disposed here.</param>
    public void ServeAccepted(Socket socket) => Serve(socket, (from, to) =>
    {
        to.WriteInt(Environment.ProcessId);
        to.Flush();
        return Secret.Accept(secret, from, to);
    });

    /// <summary>Serves a connection that the worker opened to Spark, when Spark starts one process per task; never throws.</summary>
    /// <param name="socket">Disposed here.</param>
    public void ServeConnected(Socket socket) => Serve(socket, (from, to) =>
    {
        Secret.Offer(secret, from, to);
        to.WriteInt(Environment.ProcessId);
        to.Flush();
        return true;
    });

    private static void Log(string line) => Console.Error.WriteLine($"onerec-worker: {line}");

    private void Serve(Socket socket, Func<WireReader, WireWriter, bool> greet)
    {
        using (socket)
        {
            try
            {
                // Separate buffers: a single one for both directions would have to seek.
                using var input = new BufferedStream(new SocketInputStream(socket), BufferSize);
                using var output = new BufferedStream(new SocketOutputStream(socket), BufferSize);
                socket.NoDelay = true;
                socket.ReceiveTimeout = (int)GreetingLimit.TotalMilliseconds;
                if (!greet(new WireReader(input), new WireWriter(output)))
                {
                    Log("a connection without the right secret was closed");
                    return;
                }

                socket.ReceiveTimeout = 0;
                RunTask(socket, input, output);
                Drain(socket);
            }
            catch (PeerGoneException)
            {
                // Spark closed the connection: the task was cancelled, or its executor is shutting down. There is nobody to report to.
            }
            catch (Exception e) when (e is OneRecException or SocketException or ObjectDisposedException or NotSupportedException)
            {
                Log(e.Message);
            }
            catch (Exception e)
            {
                // Last resort: an exception that leaves this thread would end the process and all its tasks.
                Log($"unexpected error, a bug in OneRec: {e}");
            }
        }
    }

    private void RunTask(Socket socket, Stream input, Stream output)
    {
        using var cancelled = new CancellationTokenSource();
        using IDisposable watching = watch.Watch(socket, cancelled);
        if (runner.Run(input, output, cancelled.Token) is { } failure)
        {
            Log($"task failed: {failure.Code}: {failure.Message}");
        }
    }

    // Closing a socket with unread input resets it, and the JVM may lose our last bytes. So read until Spark closes.
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
            // Reset by Spark, which is as good as closed.
        }
    }
}
