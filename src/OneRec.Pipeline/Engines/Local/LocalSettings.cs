namespace OneRec.Pipeline.Engines.Local;

/// <summary>What the local engine may use.</summary>
/// <param name="Tables">Folder of the tables, full path.</param>
/// <param name="Threads">Threads of SQL and of kernels, at least 1.</param>
/// <param name="MemoryBytes">The memory limit of the whole run.</param>
/// <param name="ReadOnly">
/// True for queries: no lock is taken and nothing is written beside the tables, so that they can be read while a run
/// goes on.
/// </param>
public sealed record LocalSettings(string Tables, int Threads, long MemoryBytes, bool ReadOnly = false)
{
    /// <summary>DuckDB's part, half: it spills beyond it.</summary>
    public long SqlMemory => MemoryBytes / 2;

    /// <summary>A kernel's part, three eighths: the rest is the runtime's and the batches' on the way.</summary>
    public long KernelMemory => MemoryBytes / 8 * 3;
}
