namespace OneRec.Pipeline.Engines.Local;

/// <summary>What the local engine may use.</summary>
/// <param name="Tables">Folder of the tables, full path.</param>
/// <param name="Threads">Threads of SQL and of kernels, at least 1.</param>
/// <param name="MemoryBytes">The memory limit of the whole run.</param>
public sealed record LocalSettings(string Tables, int Threads, long MemoryBytes)
{
    /// <summary>DuckDB's part, half: it spills beyond it.</summary>
    public long SqlMemory => MemoryBytes / 2;

    /// <summary>A kernel's part, three eighths: the rest is the runtime's and the batches' on the way.</summary>
    public long KernelMemory => MemoryBytes / 8 * 3;
}
