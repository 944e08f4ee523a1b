using Apache.Arrow;
using Apache.Arrow.Types;
using OneRec.Kernels.Batches;

namespace OneRec.Scoring.Embedding;

/// <summary>
/// Kernel <c>token_length</c>: finds the length of the token vectors from the first row of a partition that has one. It reads
/// no further, so it is cheap.
/// </summary>
/// <remarks>Input: token vectors as for the kernel <c>embed</c>. Output: at most one row (<c>dimensions</c> int).</remarks>
/// <param name="column">The input column of vectors.</param>
public sealed class TokenLengthKernel(string column) : IBatchKernel
{
    /// <summary>The kernel's name.</summary>
    public const string Name = "token_length";

    /// <summary>The output schema.</summary>
    public static Schema Output { get; } = new([new Field("dimensions", Int32Type.Default, nullable: false)], null);

    /// <inheritdoc/>
    public IEnumerable<RecordBatch> Run(IEnumerable<RecordBatch> rows, KernelContext context)
    {
        foreach (RecordBatch batch in rows)
        {
            context.Cancellation.ThrowIfCancellationRequested();
            int length = TokenColumn.Of(batch, column).FirstLength();
            if (length > 0)
            {
                Int32Array dimensions = new Int32Array.Builder().Append(length).Build();
                yield return new RecordBatch(Output, [dimensions], 1);
                yield break;
            }
        }
    }
}
