using OneRec.Engine.Relations;
using OneRec.Engine.Tables;
using OneRec.Kernels.Batches;

namespace OneRec.Engine;

/// <summary>
/// The seam between steps and the engines that execute them. A step is written once against it: relational work is SQL,
/// numeric work is a kernel, tables are Delta. No code above this interface knows which engine is used.
/// </summary>
public interface IEngine : IQueryEngine, IDisposable
{
    /// <summary>The engine's name on the command line: <c>local</c> or <c>spark</c>.</summary>
    string Name { get; }

    /// <summary>The time spent so far, in parts that do not overlap; empty for an engine without such parts.</summary>
    IReadOnlyList<TimeShare> Times { get; }

    /// <summary>The bytes read and written so far.</summary>
    EngineBytes Bytes { get; }

    /// <summary>The Delta tables of this run.</summary>
    ITableStore Tables { get; }

    /// <summary>The upkeep of the tables.</summary>
    ITableUpkeep Upkeep { get; }

    /// <summary>Intermediate results that steps save in order to continue after a kill.</summary>
    ICheckpoints Checkpoints { get; }

    /// <summary>Receives the progress of kernels; set by the runner for each step.</summary>
    Action<KernelProgress>? Progress { get; set; }

    /// <summary>Receives the messages of kernels for the user; set by the runner for each step.</summary>
    Action<string>? OnMessage { get; set; }

    /// <summary>A table's rows at a version.</summary>
    /// <param name="table">Its name, such as <c>items</c>.</param>
    /// <param name="version">An existing version; null for the newest.</param>
    IRelation ReadTable(string table, long? version = null);

    /// <summary>Writes rows into a table in one commit.</summary>
    /// <returns>Committed with the new version, or a conflict: losing a race is a result, not an error.</returns>
    WriteResult Write(IRelation rows, TableWrite write);
}

/// <summary>The parallelism of an engine. Steps use it to split and estimate their work; rows never depend on it.</summary>
/// <param name="Partitions">Partitions processed at once, at least 1.</param>
/// <param name="Threads">Threads of a kernel per partition, at least 1.</param>
/// <param name="UserPairs">User pairs that Swing accepts by default.</param>
public readonly record struct EngineScale(int Partitions, int Threads, long UserPairs)
{
    /// <summary>Total number of threads.</summary>
    public int AllThreads => Partitions * Threads;
}

/// <summary>Bytes that an engine read and wrote.</summary>
/// <param name="Read">
/// Bytes read: by this process, also from the page cache, with scratch; on Spark by its tasks, from files. Null where the
/// system does not tell.
/// </param>
/// <param name="Written">Bytes of the data files that were committed to tables.</param>
public readonly record struct EngineBytes(long? Read, long Written)
{
    /// <summary>The bytes since an earlier moment.</summary>
    public EngineBytes Since(EngineBytes earlier) => new(Read - earlier.Read, Written - earlier.Written);
}

/// <summary>A part of the time an engine spent.</summary>
/// <param name="What">The activity, such as <c>start</c>.</param>
/// <param name="Seconds">Wall time.</param>
public sealed record TimeShare(string What, double Seconds);
