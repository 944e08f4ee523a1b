using System.Collections.Concurrent;
using OneRec.Engine;
using OneRec.Engine.Spark;
using OneRec.Engine.Spark.Launch;
using OneRec.Engine.Spark.Session;
using OneRec.Testing;

namespace OneRec.Engines.Tests.Desks;

/// <summary>Engines of one Spark session, on <c>local[2]</c> unless told otherwise, started by the first test that asks.</summary>
/// <remarks>A <c>python</c> and a <c>python3</c> that only leave a mark stand first on Spark's PATH: none may ever be started.</remarks>
public abstract class SparkDesk : EngineDesk, IDisposable
{
    private readonly string _version;
    private readonly string _master;
    private readonly Dictionary<string, string> _settings;
    private readonly Lazy<SparkSession> _session;
    private readonly ScratchFolder _python = new();
    private readonly ConcurrentQueue<string> _log = new();

    protected SparkDesk(string version, string master = "local[2]", params IReadOnlyList<(string Name, string Value)> settings)
    {
        _version = version;
        _master = master;
        _settings = settings.ToDictionary(s => s.Name, s => s.Value);
        _session = new Lazy<SparkSession>(Start);
    }

    /// <summary>The shared session.</summary>
    public SparkSession Session => _session.Value;

    /// <summary>The calls of <c>python</c> and <c>python3</c> by Spark's processes; empty if there were none.</summary>
    public string PythonCalls => File.Exists(_python["called"]) ? File.ReadAllText(_python["called"]) : "";

    /// <summary>The JVM's log so far.</summary>
    public string Log => string.Join('\n', _log);

    public override IEngine Open(string tables) => new SparkEngine(Session, Options(tables, "OneRec.TestWorker", "onerec-test-worker"));

    public override IEngine OpenShipped(string tables) => new SparkEngine(Session, Options(tables, "OneRec.Worker", "onerec-worker"));

    public void Dispose()
    {
        if (_session.IsValueCreated)
        {
            _session.Value.Dispose();
        }

        Stop();
        _python.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>Spark's folder, or a skip.</summary>
    protected string Home() => Desk.SparkHome(_version);

    /// <summary>The master, started where it is a cluster of ours.</summary>
    protected virtual string Master() => _master;

    /// <summary>Stops what <see cref="Master"/> started.</summary>
    protected virtual void Stop()
    {
    }

    // The newest build of an executable of this checkout.
    private static string Executable(string project, string name) =>
        Directory.EnumerateFiles(Path.Combine(Desk.Root, "artifacts", "bin", project), name, SearchOption.AllDirectories)
            .OrderByDescending(File.GetLastWriteTimeUtc)
            .FirstOrDefault() ?? throw new InvalidOperationException($"{name} is not built");

    private SparkOptions Options(string tables, string project, string worker) =>
        new()
        {
            Tables = tables,
            Worker = Executable(project, worker),
            Master = Master(),
            Settings = _settings,
        };

    private SparkSession Start()
    {
        string home = Home();
        foreach (string name in new[] { "python", "python3" })
        {
            File.WriteAllText(_python[name], $"#!/bin/sh\necho \"$0 $*\" >> {_python["called"]}\nexit 1\n");
            if (!OperatingSystem.IsWindows())
            {
                File.SetUnixFileMode(_python[name], UnixFileMode.UserRead | UnixFileMode.UserExecute);
            }
        }

        string? path = Environment.GetEnvironmentVariable("PATH");
        Environment.SetEnvironmentVariable("PATH", $"{_python.Path}:{path}");
        try
        {
            return SparkSession.Start(Options("unused", "OneRec.Worker", "onerec-worker") with { Home = home, Log = _log.Enqueue });
        }
        finally
        {
            Environment.SetEnvironmentVariable("PATH", path);
        }
    }
}
