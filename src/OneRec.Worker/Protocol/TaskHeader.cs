namespace OneRec.Worker.Protocol;

/// <summary>What Spark says of a task before its rows.</summary>
public sealed record TaskHeader
{
    /// <summary>The release whose layout the bytes had.</summary>
    public required TaskLayout Layout { get; init; }

    /// <summary>Index of the partition among those of the job.</summary>
    public required int PartitionIndex { get; init; }

    /// <summary>The stage.</summary>
    public required int StageId { get; init; }

    /// <summary>The partition within the stage.</summary>
    public required int PartitionId { get; init; }

    /// <summary>0 on the first attempt.</summary>
    public required int AttemptNumber { get; init; }

    /// <summary>Unique among the application's attempts.</summary>
    public required long TaskAttemptId { get; init; }

    /// <summary>Cores that the task may use.</summary>
    public required int Cpus { get; init; }

    /// <summary>Addresses by resource name, such as <c>gpu</c>.</summary>
    public required IReadOnlyDictionary<string, IReadOnlyList<string>> Resources { get; init; }

    /// <summary>Properties of the driver's thread.</summary>
    public required IReadOnlyDictionary<string, string> LocalProperties { get; init; }

    /// <summary>Folder of files sent by <c>--files</c> and <c>--archives</c>.</summary>
    public required string FilesFolder { get; init; }

    /// <summary>Broadcasts of the function, by id.</summary>
    public required IReadOnlyDictionary<long, Broadcast> Broadcasts { get; init; }

    /// <summary>Settings of the Arrow runner.</summary>
    public required IReadOnlyDictionary<string, string> Settings { get; init; }

    /// <summary>The function's bytes: ours, <see cref="Kernels.Remote.WorkerCommand"/>.</summary>
    public required byte[] Command { get; init; }
}
