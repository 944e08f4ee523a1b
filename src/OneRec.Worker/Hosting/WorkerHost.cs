using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using OneRec.Kernels.Batches;
using OneRec.Worker.Sockets;
using OneRec.Worker.Tasks;

namespace OneRec.Worker.Hosting;

/// <summary>The worker process, which Spark starts in place of Python.</summary>
/// <remarks>
/// <c>PythonWorkerFactory.scala</c> runs <c>PATH -m pyspark.daemon</c> (4.0 adds <c>pyspark.worker</c>), reads the port from
/// standard output as four big-endian bytes, and closes standard input to stop it; with
/// <c>spark.python.use.daemon=false</c> it runs <c>PATH -m pyspark.worker</c> for each task.
/// </remarks>
public static class WorkerHost
{
    private const string SecretVariable = "PYTHON_WORKER_FACTORY_SECRET";
    private const string PortVariable = "PYTHON_WORKER_FACTORY_PORT";

    /// <summary>Runs until Spark stops the process.</summary>
    /// <param name="arguments">The arguments from Spark.</param>
    /// <param name="kernels">The kernels by name.</param>
    /// <returns>The exit code: 0, or 2 if the process was not started by Spark.</returns>
    public static int Run(IReadOnlyList<string> arguments, KernelRegistry kernels)
    {
        ArgumentNullException.ThrowIfNull(arguments);
        CultureInfo.DefaultThreadCurrentCulture = CultureInfo.InvariantCulture;
        CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;

        // Ctrl-C in the driver's terminal reaches all processes in its group, but the driver decides what to stop.
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
                    "onerec-worker is started by Spark executors, not by hand; run onerec --engine spark");
                return 2;
        }
    }

    private static int? PortToCall() =>
        int.TryParse(Environment.GetEnvironmentVariable(PortVariable), CultureInfo.InvariantCulture, out int port) ? port : null;

    private static int RunDaemon(KernelRegistry kernels, string secret)
    {
        using Stream output = Console.OpenStandardOutput();
        using Stream input = Console.OpenStandardInput();

        // Spark reads the first four bytes on standard output as the port: nothing else may ever be written there.
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

    // Standard input also carries ids of workers to kill. All of them are this process, which runs other tasks too; the killed
    // task is cancelled because its socket closes.
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
            // As good as closed.
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
