using OneRec.Core;

namespace OneRec.Worker.Protocol;

/// <summary>What Spark sends about a task before its rows.</summary>
public sealed record TaskHeader
{
    /// <summary>The layout that the bytes had.</summary>
    public required TaskLayout Layout { get; init; }

    /// <summary>Index of the partition in the job.</summary>
    public required int PartitionIndex { get; init; }

    /// <summary>Id of the stage.</summary>
    public required int StageId { get; init; }

    /// <summary>Index of the partition in the stage.</summary>
    public required int PartitionId { get; init; }

    /// <summary>0 for the first attempt.</summary>
    public required int AttemptNumber { get; init; }

    /// <summary>Unique within the application.</summary>
    public required long TaskAttemptId { get; init; }

    /// <summary>Number of cores the task may use.</summary>
    public required int Cpus { get; init; }

    /// <summary>Addresses by resource name, such as <c>gpu</c>.</summary>
    public required IReadOnlyDictionary<string, IReadOnlyList<string>> Resources { get; init; }

    /// <summary>Local properties of the driver's thread.</summary>
    public required IReadOnlyDictionary<string, string> LocalProperties { get; init; }

    /// <summary>Folder with the files sent by <c>--files</c> and <c>--archives</c>.</summary>
    public required string FilesFolder { get; init; }

    /// <summary>Broadcasts of the function, by id.</summary>
    public required IReadOnlyDictionary<long, Broadcast> Broadcasts { get; init; }

    /// <summary>Settings of the Arrow runner.</summary>
    public required IReadOnlyDictionary<string, string> Settings { get; init; }

    /// <summary>The function's bytes: a <see cref="Kernels.Remote.WorkerCommand"/>.</summary>
    public required byte[] Command { get; init; }
}

/// <summary>The layout of a task's header in a Spark release: the only place in the worker that depends on the release.</summary>
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
    /// Whether a flag, and the name of a profiler if it is set, precedes the functions
    /// (<c>BasePythonUDFRunner.writeCommand</c>, since 4.0).
    /// </summary>
    public bool HasProfiler { get; }

    private static TaskLayout Spark35 { get; } = new("3.5", hasProfiler: false);

    private static TaskLayout Spark40 { get; } = new("4.0", hasProfiler: true);

    /// <summary>The layout of a release.</summary>
    /// <exception cref="OneRecException">Engine error <c>worker.spark-release</c>: an unsupported release.</exception>
    public static TaskLayout Of(string release) => release switch
    {
        "3.5" => Spark35,
        "4.0" => Spark40,
        _ => throw OneRecException.Engine(
            "worker.spark-release",
            $"the worker does not support Spark {release}; use Spark 3.5 or 4.0"),
    };
}
