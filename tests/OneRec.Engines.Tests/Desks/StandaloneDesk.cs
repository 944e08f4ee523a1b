using System.Diagnostics;
using OneRec.Testing;

namespace OneRec.Engines.Tests.Desks;

/// <summary>
/// A standalone master and one worker on this machine, which claims four cores and whose discovery script announces two
/// GPUs that are not there: <c>scripts/gpu-discovery</c> over an <c>nvidia-smi</c> of ours.
/// </summary>
public abstract class StandaloneDesk(string version, params IReadOnlyList<(string Name, string Value)> settings) : SparkDesk(
    version,
    "",
    [
        ("spark.driver.host", "127.0.0.1"),
        ("spark.driver.bindAddress", "127.0.0.1"),
        ("spark.ui.enabled", "false"),
        ("spark.sql.shuffle.partitions", "4"),
        ("spark.databricks.delta.snapshotPartitions", "2"),
        ("spark.executor.memory", "1g"),
        ("spark.executor.cores", "2"),
        ("spark.cores.max", "4"),
        .. settings,
    ])
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromMinutes(1);

    private readonly ScratchFolder _folder = new();
    private readonly List<Process> _processes = [];
    private readonly List<string> _lines = [];
    private string? _master;

    /// <summary>The script that tells Spark of GPUs.</summary>
    public static string Discovery => Path.Combine(Desk.Root, "scripts", "gpu-discovery");

    protected override string Master()
    {
        if (_master is null)
        {
            string smi = _folder["nvidia-smi"];
            File.WriteAllText(smi, "#!/bin/sh\nprintf '0\\n1\\n'\n");
            if (!OperatingSystem.IsWindows())
            {
                File.SetUnixFileMode(smi, UnixFileMode.UserRead | UnixFileMode.UserExecute);
            }

            Start("master.Master", "--port", "0", "--webui-port", "0");
            _master = Said("Starting Spark master at ").Split(' ')[0];
            Start("worker.Worker", "--webui-port", "0", "--cores", "4", "--memory", "3g", "--work-dir", _folder["work"], _master);
            Said("Successfully registered with master");
        }

        return _master;
    }

    protected override void Stop()
    {
        foreach (Process process in Enumerable.Reverse(_processes))
        {
            process.Kill(entireProcessTree: true);
            process.WaitForExit();
            process.Dispose();
        }

        _folder.Dispose();
    }

    private void Start(string role, params IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(
            Path.Combine(Home(), "bin", "spark-class"), [$"org.apache.spark.deploy.{role}", "--host", "127.0.0.1", .. arguments])
        {
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        };
        start.Environment["PATH"] = $"{_folder.Path}:{start.Environment["PATH"]}";
        start.Environment["SPARK_HOME"] = Home();
        start.Environment["SPARK_LOCAL_IP"] = "127.0.0.1";
        start.Environment["SPARK_WORKER_OPTS"] =
            $"-Dspark.worker.resource.gpu.amount=2 -Dspark.worker.resource.gpu.discoveryScript={Discovery}";
        Process process = Process.Start(start)!;
        _processes.Add(process);
        process.OutputDataReceived += (_, line) => Take(line.Data);
        process.ErrorDataReceived += (_, line) => Take(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    private void Take(string? line)
    {
        lock (_lines)
        {
            _lines.Add(line ?? "");
        }
    }

    /// <summary>What follows some words on a line of the log, once it is there.</summary>
    private string Said(string words)
    {
        string? found = null;
        bool came = SpinWait.SpinUntil(
            () =>
            {
                Thread.Sleep(50);
                lock (_lines)
                {
                    return (found = _lines.Find(l => l.Contains(words, StringComparison.Ordinal))) is not null;
                }
            },
            StartLimit);
        Assert.True(came, $"no '{words}' in {string.Join('\n', _lines)}");
        return found![(found!.IndexOf(words, StringComparison.Ordinal) + words.Length)..].Trim();
    }
}

/// <summary>Spark 3.5.3: every task is given one of the two GPUs.</summary>
public sealed class Standalone35Desk() : StandaloneDesk(
    "3.5.3", ("spark.executor.resource.gpu.amount", "2"), ("spark.task.resource.gpu.amount", "1"))
{
    public const string Name = "Spark 3.5.3, standalone with GPUs";
}

/// <summary>All tests that share its session.</summary>
[CollectionDefinition(Standalone35Desk.Name)]
public sealed class Standalone35Tests : ICollectionFixture<Standalone35Desk>;

/// <summary>Spark 4.0.5 that takes executors as it needs them: those with GPUs for tasks that use them.</summary>
public sealed class Standalone40Desk() : StandaloneDesk(
    "4.0.5",
    ("spark.dynamicAllocation.enabled", "true"),
    ("spark.dynamicAllocation.shuffleTracking.enabled", "true"),
    ("spark.dynamicAllocation.executorIdleTimeout", "2s"),
    ("spark.dynamicAllocation.shuffleTracking.timeout", "2s"),
    ("spark.onerec.gpu.amount", "2"),
    ("spark.onerec.gpu.discoveryScript", Discovery))
{
    public const string Name = "Spark 4.0.5, standalone with GPUs";
}

/// <summary>All tests that share its session.</summary>
[CollectionDefinition(Standalone40Desk.Name)]
public sealed class Standalone40Tests : ICollectionFixture<Standalone40Desk>;
