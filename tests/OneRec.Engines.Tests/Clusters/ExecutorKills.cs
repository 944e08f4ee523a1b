using System.Diagnostics;
using System.Globalization;
using OneRec.Engine.Spark.Jvm;
using OneRec.Engines.Tests.Desks;

namespace OneRec.Engines.Tests.Clusters;

/// <summary>Kills an executor of a desk's session (SIGKILL) again and again, until it is disposed.</summary>
public sealed class ExecutorKills : IDisposable
{
    private readonly string _application;
    private readonly TimeSpan _between;
    private readonly int _most;
    private readonly CancellationTokenSource _stop = new();
    private readonly Thread _thread;
    private int _count;

    /// <summary>Starts to kill.</summary>
    /// <param name="desk">The desk, of a session with executors in processes of their own.</param>
    /// <param name="between">The time between two kills.</param>
    /// <param name="most">How many in all.</param>
    public ExecutorKills(SparkDesk desk, TimeSpan between, int most)
    {
        using JvmObject context = desk.Session.Session.Get("sparkContext");
        _application = (string)context.Call("applicationId")!;
        (_between, _most) = (between, most);
        _thread = new Thread(Kill) { IsBackground = true };
        _thread.Start();
    }

    /// <summary>How many executors were killed so far.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <inheritdoc/>
    public void Dispose()
    {
        _stop.Cancel();
        _thread.Join();
        _stop.Dispose();
    }

    private void Kill()
    {
        // The youngest lives on, so that the cluster has an executor that is not new to all that the job cached.
        while (Count < _most && !_stop.Token.WaitHandle.WaitOne(_between))
        {
            if (Executors().Order().FirstOrDefault() is int pid and not 0)
            {
                using Process process = Process.GetProcessById(pid);
                process.Kill();
                Interlocked.Increment(ref _count);
            }
        }
    }

    // The executor backend is started with '--app-id ID'.
    private IEnumerable<int> Executors() =>
        from folder in Directory.EnumerateDirectories("/proc")
        where int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out _)
        let words = Words(folder)
        where words.Any(w => w.EndsWith("CoarseGrainedExecutorBackend", StringComparison.Ordinal)) && words.Contains(_application)
        select int.Parse(Path.GetFileName(folder), CultureInfo.InvariantCulture);

    private static string[] Words(string process)
    {
        try
        {
            return File.ReadAllText(Path.Combine(process, "cmdline")).Split('\0');
        }
        catch (IOException)
        {
            return []; // It ended in the meantime.
        }
    }
}
