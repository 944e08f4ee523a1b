using Apache.Arrow;

namespace OneRec.Kernels.Batches;

/// <summary>
/// Numeric work over Arrow batches: the one form in which the local engine and a Spark executor's worker run it.
/// </summary>
/// <remarks>
/// A kernel sees the rows of one partition in the order that the step asked for (keyed work: sorted by key, and the
/// kernel cuts the runs of equal keys, which may span batches). It opens no file and reads no clock.
/// </remarks>
public interface IBatchKernel
{
    /// <summary>Maps a partition's batches to output batches, lazily.</summary>
    /// <param name="rows">Input batches. The caller disposes each after the kernel has asked for the next.</param>
    /// <param name="context">Threads, memory, side inputs, cancellation and progress of this task.</param>
    /// <returns>
    /// Batches of the call's output schema, columns by position; the consumer disposes them. A column of the input that
    /// is passed on goes through <see cref="SharedColumn.Of"/>, so that disposing the input leaves it alive.
    /// </returns>
    IEnumerable<RecordBatch> Run(IEnumerable<RecordBatch> rows, KernelContext context);
}
