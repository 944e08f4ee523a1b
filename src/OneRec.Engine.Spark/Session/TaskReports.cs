using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using OneRec.Engine.Spark.Jvm;
using OneRec.Kernels.Remote;

namespace OneRec.Engine.Spark.Session;

/// <summary>Receives a report of every task that a worker finished: the driver's side of a Spark accumulator.</summary>
/// <remarks>
/// <c>PythonAccumulatorV2</c> connects to a server in the driver and sends its secret as plain bytes. Then it sends rounds: an
/// int with the number of updates, and each update as an int length and bytes. Each round is answered with one byte, for which
/// Spark's scheduler waits.
/// </remarks>
public sealed class TaskReports : IDisposable
{
    private const int LongestReport = 16 << 20;

    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly string _secret = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32));

    /// <summary>Listens on loopback and registers the accumulator.</summary>
    /// <param name="context">A <c>JavaSparkContext</c>.</param>
    internal TaskReports(JvmObject context)
    {
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen();
        new Thread(Accept) { IsBackground = true, Name = "task reports" }.Start();
        int port = ((IPEndPoint)_listener.LocalEndPoint!).Port;
        Accumulator = context.Jvm.New("org.apache.spark.api.python.PythonAccumulatorV2", "127.0.0.1", port, _secret);
        using JvmObject scala = context.Get("sc");
        scala.Call("register", Accumulator);
    }

    /// <summary>A task finished; raised on a background thread, in any order.</summary>
    public event Action<TaskReport>? Arrived;

    /// <summary>The <c>PythonAccumulatorV2</c> that the tasks of a function add to.</summary>
    internal JvmObject Accumulator { get; }

    /// <inheritdoc/>
    public void Dispose() => _listener.Dispose();

    private void Accept()
    {
        while (true)
        {
            Socket socket;
            try
            {
                socket = _listener.Accept();
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                return;
            }

            new Thread(() => Serve(socket)) { IsBackground = true, Name = "task reports" }.Start();
        }
    }

    private void Serve(Socket socket)
    {
        try
        {
            using var stream = new BufferedStream(new NetworkStream(socket, ownsSocket: true));
            byte[] offered = new byte[_secret.Length];
            stream.ReadExactly(offered);
            if (!CryptographicOperations.FixedTimeEquals(offered, Encoding.ASCII.GetBytes(_secret)))
            {
                return;
            }

            while (true)
            {
                for (int left = ReadInt(stream); left > 0; left--)
                {
                    Take(stream);
                }

                socket.Send([1]);
            }
        }
        catch (Exception e) when (e is IOException or SocketException or ObjectDisposedException)
        {
            // The JVM closed the connection: the session ends.
        }
    }

    private void Take(Stream stream)
    {
        int length = ReadInt(stream);
        if (length is < 0 or > LongestReport)
        {
            throw new IOException($"a report of {length} bytes");
        }

        byte[] bytes = new byte[length];
        stream.ReadExactly(bytes);
        if (TaskReport.TryRead(bytes) is { } report)
        {
            Arrived?.Invoke(report);
        }
    }

    private static int ReadInt(Stream stream)
    {
        Span<byte> bytes = stackalloc byte[sizeof(int)];
        stream.ReadExactly(bytes);
        return BinaryPrimitives.ReadInt32BigEndian(bytes);
    }
}
