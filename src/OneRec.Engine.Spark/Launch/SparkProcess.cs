using System.Buffers.Binary;
using System.Diagnostics;
using System.Text;
using OneRec.Core;
using OneRec.Engine.Spark.Jvm;

namespace OneRec.Engine.Spark.Launch;

/// <summary>A driver JVM started by this process with <c>spark-submit ... pyspark-shell</c>, as PySpark's shell does.</summary>
/// <remarks>
/// The JVM lives as long as its standard input is open, so it ends by itself when this process dies. It ignores Ctrl-C, which
/// the terminal sends to every process of the group; this process decides what happens then.
/// </remarks>
public sealed class SparkProcess : IDisposable
{
    private const int TailLines = 40;
    private static readonly TimeSpan StartLimit = TimeSpan.FromMinutes(3);
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(20);

    private readonly Process _process;
    private readonly Queue<string> _tail = new();
    private readonly Action<string>? _log;

    private SparkProcess(Process process, Action<string>? log)
    {
        _process = process;
        _log = log;
    }

    /// <summary>Starts a JVM and waits for its gateway.</summary>
    /// <param name="home">The Spark installation.</param>
    /// <param name="master">Spark's master, such as <c>local[2]</c>.</param>
    /// <param name="settings">Spark settings by name.</param>
    /// <param name="log">Receives the log of the JVM line by line, on background threads; null to drop it.</param>
    /// <returns>The process and its gateway.</returns>
    /// <exception cref="OneRecException">Engine error <c>spark.start</c>: the JVM ended or did not respond; quotes its last log line.</exception>
    public static (SparkProcess Process, GatewayAddress Gateway) Start(
        SparkHome home,
        string master,
        IReadOnlyDictionary<string, string> settings,
        Action<string>? log)
    {
        ArgumentNullException.ThrowIfNull(home);
        ArgumentNullException.ThrowIfNull(master);
        ArgumentNullException.ThrowIfNull(settings);
        DirectoryInfo folder = Directory.CreateTempSubdirectory("onerec-spark-");
        try
        {
            string connection = Path.Combine(folder.FullName, "gateway");
            var started = new SparkProcess(Launch(home, master, settings, connection), log);
            try
            {
                started.Listen();
                return (started, started.WaitForGateway(connection));
            }
            catch
            {
                started.Dispose();
                throw;
            }
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    /// <summary>Closes the standard input of the JVM and waits for it to end; kills it if it does not.</summary>
    public void Dispose()
    {
        try
        {
            _process.StandardInput.Close();
            if (!_process.WaitForExit(StopLimit))
            {
                _process.Kill(entireProcessTree: true);
            }
        }
        catch (Exception e) when (e is InvalidOperationException or IOException)
        {
            // It has ended already.
        }

        _process.Dispose();
    }

    private static Process Launch(
        SparkHome home,
        string master,
        IReadOnlyDictionary<string, string> settings,
        string connection)
    {
        // The program that the shell executes inherits that interrupts are ignored.
        var start = new ProcessStartInfo("/bin/sh", ["-c", "trap '' INT; exec \"$@\"", "spark", home.Submit, "--master", master])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardErrorEncoding = Encoding.UTF8,
            StandardOutputEncoding = Encoding.UTF8,
        };
        foreach ((string name, string value) in settings.OrderBy(s => s.Key, StringComparer.Ordinal))
        {
            start.ArgumentList.Add("--conf");
            start.ArgumentList.Add($"{name}={value}");
        }

        start.ArgumentList.Add("pyspark-shell");
        start.Environment["SPARK_HOME"] = home.Folder;
        start.Environment["_PYSPARK_DRIVER_CONN_INFO_PATH"] = connection;
        start.Environment["PYSPARK_PIN_THREAD"] = "true";
        if (master.StartsWith("local", StringComparison.Ordinal))
        {
            start.Environment["SPARK_LOCAL_IP"] = "127.0.0.1";
        }

        return Process.Start(start)!;
    }

    private void Listen()
    {
        _process.OutputDataReceived += (_, line) => Take(line.Data);
        _process.ErrorDataReceived += (_, line) => Take(line.Data);
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    private void Take(string? line)
    {
        if (line is null)
        {
            return;
        }

        lock (_tail)
        {
            _tail.Enqueue(line);
            if (_tail.Count > TailLines)
            {
                _tail.Dequeue();
            }
        }

        _log?.Invoke(line);
    }

    private GatewayAddress WaitForGateway(string connection)
    {
        long from = Stopwatch.GetTimestamp();
        while (!File.Exists(connection))
        {
            if (_process.WaitForExit(TimeSpan.FromMilliseconds(20)))
            {
                _process.WaitForExit();
                throw Failed($"ended with code {_process.ExitCode}");
            }

            if (Stopwatch.GetElapsedTime(from) > StartLimit)
            {
                throw Failed($"opened no gateway within {StartLimit.TotalMinutes} minutes");
            }
        }

        // Spark moves the file into place when it is complete: port, length, secret.
        ReadOnlySpan<byte> bytes = File.ReadAllBytes(connection);
        int length = BinaryPrimitives.ReadInt32BigEndian(bytes[4..]);
        return new GatewayAddress(
            BinaryPrimitives.ReadInt32BigEndian(bytes),
            Encoding.UTF8.GetString(bytes.Slice(8, length)));
    }

    private OneRecException Failed(string how)
    {
        string[] lines;
        lock (_tail)
        {
            lines = [.. _tail];
        }

        string last = lines.LastOrDefault(l => l.Contains("Exception", StringComparison.Ordinal) || l.Contains("rror", StringComparison.Ordinal))
            ?? lines.LastOrDefault(l => l.Length > 0)
            ?? "it printed nothing";
        return OneRecException.Engine(
            "spark.start",
            $"Spark's driver JVM {how}: {last.Trim()}",
            new InvalidOperationException(string.Join(Environment.NewLine, lines)));
    }
}
