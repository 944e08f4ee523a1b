using OneRec.Core;

namespace OneRec.Worker.Protocol;

/// <summary>How a Spark release lays out a task's header: the one place in the worker that knows a version.</summary>
public sealed class TaskLayout
{
    private TaskLayout(string release, bool hasProfiler)
    {
        Release = release;
        HasProfiler = hasProfiler;
    }

    /// <summary><c>3.5</c> or <c>4.0</c>.</summary>
    public string Release { get; }

    /// <summary>
    /// Whether a flag, and a profiler's name where it is set, comes before the functions
    /// (<c>BasePythonUDFRunner.writeCommand</c>, since 4.0).
    /// </summary>
    public bool HasProfiler { get; }

    private static TaskLayout Spark35 { get; } = new("3.5", hasProfiler: false);

    private static TaskLayout Spark40 { get; } = new("4.0", hasProfiler: true);

    /// <summary>The layout of a release.</summary>
    /// <exception cref="OneRecException">Engine error <c>worker.spark-release</c>: none that was built for.</exception>
    public static TaskLayout Of(string release) => release switch
    {
        "3.5" => Spark35,
        "4.0" => Spark40,
        _ => throw OneRecException.Engine(
            "worker.spark-release",
            $"the worker does not know Spark {release}; it is built for 3.5 and 4.0"),
    };
}
