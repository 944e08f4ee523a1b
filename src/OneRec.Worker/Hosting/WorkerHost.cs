using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using OneRec.Kernels.Batches;
using OneRec.Worker.Sockets;
using OneRec.Worker.Tasks;

namespace OneRec.Worker.Hosting;

/// <summary>The worker's process, as Spark starts it in Python's place.</summary>
/// <remarks>
/// <c>PythonWorkerFactory.scala</c> runs <c>PATH -m pyspark.daemon</c> (4.0 adds <c>pyspark.worker</c>), reads the port
/// from standard output as four big-endian bytes, and says stop by closing standard input; with
/// <c>spark.python.use.daemon=false</c> it runs <c>PATH -m pyspark.worker</c> for each task.
/// </remarks>
public static class WorkerHost
{
    private const string SecretVariable = "PYTHON_WORKER_FACTORY_SECRET";
    private const string PortVariable = "PYTHON_WORKER_FACTORY_PORT";

    /// <summary>Runs until Spark says stop.</summary>
    /// <param name="arguments">As Spark gives them.</param>
    /// <param name="kernels">The kernels by name.</param>
    /// <returns>The exit code: 0, or 2 where it was not Spark who started us.</returns>
    public static int Run(IReadOnlyList<string> arguments, KernelRegistry kernels)
    {
        ArgumentNullException.ThrowIfNull(arguments);
        CultureInfo.DefaultThreadCurrentCulture = CultureInfo.InvariantCulture;
        CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;

        // Ctrl-C in the driver's terminal reaches every process of its group: the driver decides what ends, not we.
        using PosixSignalRegistration interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, c => c.Cancel = true);
        using PosixSignalRegistration hangUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, c => c.Cancel = true);
        string? secret = Environment.GetEnvironmentVariable(SecretVariable);
        switch (arguments)
        {
            case ["-m", "pyspark.daemon", ..] when secret is not null:
                return RunDaemon(kernels, secret);
            case ["-m", "pyspark.worker", ..] when secret is not null && PortToCall() is { } port:
                return RunTask(kernels, secret, port);
            default:
                Console.Error.WriteLine(
                    "onerec-worker is started by Spark's executors, not by hand: onerec --engine spark names it to Spark");
                return 2;
        }
    }

    private static int? PortToCall() =>
        int.TryParse(Environment.GetEnvironmentVariable(PortVariable), CultureInfo.InvariantCulture, out int port) ? port : null;

    private static int RunDaemon(KernelRegistry kernels, string secret)
    {
        using Stream output = Console.OpenStandardOutput();
        using Stream input = Console.OpenStandardInput();

        // Spark takes the first four bytes on standard output for the port: nothing else may ever write there.
        Console.SetOut(Console.Error);
        using var daemon = new Daemon(kernels, secret, TimeProvider.System);
        daemon.Start();
        Span<byte> port = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32BigEndian(port, daemon.Port);
        output.Write(port);
        output.Flush();
        WaitForEnd(input);
        return 0;
    }

    // Ints come on standard input too: ids of workers to kill. All of ours are this one process, which serves other
    // tasks; the task meant is cancelled by its closed socket.
    private static void WaitForEnd(Stream input)
    {
        Span<byte> ignored = stackalloc byte[256];
        try
        {
            while (input.Read(ignored) > 0)
            {
            }
        }
        catch (IOException)
        {
            // As closed as by an end.
        }
    }

    private static int RunTask(KernelRegistry kernels, string secret, int port)
    {
        using var watch = new PeerWatch(TimeSpan.FromMilliseconds(100));
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Connect(IPAddress.Loopback, port);
        new Connection(new TaskRunner(kernels, TimeProvider.System), watch, secret).ServeConnected(socket);
        return 0;
    }
}
