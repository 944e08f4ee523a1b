using Apache.Arrow;

namespace OneRec.Kernels.Batches;

/// <summary>What a kernel's task may use.</summary>
public sealed class KernelContext
{
    /// <summary>Threads that the kernel may keep busy, at least 1. Results never depend on it.</summary>
    public int Threads { get; init; } = 1;

    /// <summary>Bytes that the kernel may hold at once.</summary>
    public long MemoryBudget { get; init; } = 1L << 30;

    /// <summary>Accelerator addresses that the scheduler gave to this task; empty on CPU.</summary>
    public IReadOnlyList<string> Gpus { get; init; } = [];

    /// <summary>Checked between blocks of work.</summary>
    public CancellationToken Cancellation { get; init; }

    /// <summary>Called now and then with the units done so far and in all (0 where unknown).</summary>
    public Action<KernelProgress>? Progress { get; init; }

    /// <summary>Called with a line for people, such as where a model's operators run.</summary>
    public Action<string>? Told { get; init; }

    /// <summary>Side inputs by name: small relations that every task sees whole, such as a codebook.</summary>
    public IReadOnlyDictionary<string, Func<IEnumerable<RecordBatch>>> Sides { get; init; } =
        new Dictionary<string, Func<IEnumerable<RecordBatch>>>();

    /// <summary>The batches of one side input, from the start.</summary>
    /// <exception cref="ArgumentException">The step gave no such side input.</exception>
    public IEnumerable<RecordBatch> Side(string name) =>
        Sides.TryGetValue(name, out Func<IEnumerable<RecordBatch>>? open)
            ? open()
            : throw new ArgumentException($"no side input '{name}'", nameof(name));
}
