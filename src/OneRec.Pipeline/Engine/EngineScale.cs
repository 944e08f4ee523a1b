namespace OneRec.Pipeline.Engine;

/// <summary>How much an engine does at once: what steps cut and tell their work by, where rows do not depend on it.</summary>
/// <param name="Partitions">Partitions that are worked on at once, at least 1.</param>
/// <param name="Threads">Threads that a kernel has for one of them, at least 1.</param>
/// <param name="UserPairs">Pairs of users that Swing takes on without being told to.</param>
public readonly record struct EngineScale(int Partitions, int Threads, long UserPairs)
{
    /// <summary>Threads in all.</summary>
    public int AllThreads => Partitions * Threads;
}
