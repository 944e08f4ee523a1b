using OneRec.Engine.Relations;
using OneRec.Engine.Tables;
using OneRec.Kernels.Batches;

namespace OneRec.Engine;

/// <summary>
/// The seam between steps and what runs them. A step is written once against it: relational work is SQL, numeric work
/// is a kernel, tables are Delta. Nothing above this interface knows which engine runs.
/// </summary>
public interface IEngine : IQueryEngine, IDisposable
{
    /// <summary>The engine's name on the command line: <c>local</c> or <c>spark</c>.</summary>
    string Name { get; }

    /// <summary>Where its time went so far, in parts that do not overlap; empty where there is nothing to tell apart.</summary>
    IReadOnlyList<TimeShare> Times { get; }

    /// <summary>The Delta tables of this run.</summary>
    ITableStore Tables { get; }

    /// <summary>What steps save on their way, to go on after a kill.</summary>
    ICheckpoints Checkpoints { get; }

    /// <summary>Where the progress of kernels goes; set by the runner for each step.</summary>
    Action<KernelProgress>? Progress { get; set; }

    /// <summary>Where a kernel's words for people go; set by the runner for each step.</summary>
    Action<string>? Told { get; set; }

    /// <summary>A table's rows at a version.</summary>
    /// <param name="table">Its name, such as <c>items</c>.</param>
    /// <param name="version">A version that exists; null for the newest.</param>
    IRelation ReadTable(string table, long? version = null);

    /// <summary>Writes rows into a table in one commit.</summary>
    /// <returns>Committed with its version, or a conflict: losing a race is a value, not an error.</returns>
    WriteResult Write(IRelation rows, TableWrite write);
}

/// <summary>How much an engine does at once: what steps cut and tell their work by, where rows do not depend on it.</summary>
/// <param name="Partitions">Partitions that are worked on at once, at least 1.</param>
/// <param name="Threads">Threads that a kernel has for one of them, at least 1.</param>
/// <param name="UserPairs">Pairs of users that Swing takes on without being told to.</param>
public readonly record struct EngineScale(int Partitions, int Threads, long UserPairs)
{
    /// <summary>Threads in all.</summary>
    public int AllThreads => Partitions * Threads;
}

/// <summary>A part of an engine's time so far.</summary>
/// <param name="What">What it went into, such as <c>start</c>.</param>
/// <param name="Seconds">Wall time.</param>
public sealed record TimeShare(string What, double Seconds);
