using Apache.Arrow;

namespace OneRec.Kernels.Batches;

/// <summary>
/// Numeric work over Arrow batches. The local engine and the worker of a Spark executor run the same kernel.
/// </summary>
/// <remarks>
/// A kernel sees the rows of one partition in the order the step asked for. Keyed input is sorted by key; the kernel splits
/// it into runs of equal keys, which may span batches. A kernel opens no file and reads no clock.
/// </remarks>
public interface IBatchKernel
{
    /// <summary>Maps a partition's batches to output batches, lazily.</summary>
    /// <param name="rows">Input batches. The caller disposes each one after the kernel has asked for the next.</param>
    /// <param name="context">Threads, memory, side inputs, cancellation and progress of this task.</param>
    /// <returns>
    /// Batches with the call's output schema, columns by position; the consumer disposes them. An input column that is
    /// passed on must go through <see cref="SharedColumn.Of"/>, so that it survives the disposal of the input batch.
    /// </returns>
    IEnumerable<RecordBatch> Run(IEnumerable<RecordBatch> rows, KernelContext context);
}

/// <summary>The resources of one kernel task.</summary>
public sealed class KernelContext
{
    /// <summary>Threads the kernel may use, at least 1. Results never depend on it.</summary>
    public int Threads { get; init; } = 1;

    /// <summary>Bytes the kernel may hold at once.</summary>
    public long MemoryBudget { get; init; } = 1L << 30;

    /// <summary>Addresses of the accelerators that the scheduler assigned to this task; empty on CPU.</summary>
    public IReadOnlyList<string> Gpus { get; init; } = [];

    /// <summary>Checked between blocks of work.</summary>
    public CancellationToken Cancellation { get; init; }

    /// <summary>Called from time to time with the units done so far and the total (0 if unknown).</summary>
    public Action<KernelProgress>? Progress { get; init; }

    /// <summary>Called with messages for the user, such as where a model's operators run.</summary>
    public Action<string>? OnMessage { get; init; }

    /// <summary>Side inputs by name: small relations that every task sees in full, such as a codebook.</summary>
    public IReadOnlyDictionary<string, Func<IEnumerable<RecordBatch>>> Sides { get; init; } =
        new Dictionary<string, Func<IEnumerable<RecordBatch>>>();

    /// <summary>The batches of a side input, from the start.</summary>
    /// <exception cref="ArgumentException">The step provided no such side input.</exception>
    public IEnumerable<RecordBatch> Side(string name) =>
        Sides.TryGetValue(name, out Func<IEnumerable<RecordBatch>>? open)
            ? open()
            : throw new ArgumentException($"no side input '{name}'", nameof(name));
}

/// <summary>The progress of a kernel.</summary>
/// <param name="Done">Units done by this task.</param>
/// <param name="Total">Total units, 0 if unknown.</param>
/// <param name="Unit">What is counted, such as <c>items</c> or <c>rows</c>.</param>
public readonly record struct KernelProgress(long Done, long Total, string Unit);
