using Apache.Arrow;
using Apache.Arrow.Types;
using OneRec.Kernels.Batches;

namespace OneRec.TestWorker;

/// <summary>What batches are like: input <c>tokens</c> binary; output a row a batch, its rows and the bytes of <c>tokens</c>.</summary>
public sealed class BatchSizesKernel : IBatchKernel
{
    public const string Name = "test-batch-sizes";

    public static Schema Output { get; } = new(
        [new Field("n", Int64Type.Default, nullable: false), new Field("bytes", Int64Type.Default, nullable: false)], null);

    public static KernelCall Call { get; } = new(Name, [], Output);

    public IEnumerable<RecordBatch> Run(IEnumerable<RecordBatch> rows, KernelContext context)
    {
        foreach (RecordBatch batch in rows)
        {
            var tokens = (BinaryArray)batch.Column("tokens");
            long bytes = Enumerable.Range(0, tokens.Length).Sum(i => (long)tokens.GetBytes(i).Length);
            yield return new RecordBatch(
                Output,
                [new Int64Array.Builder().Append(batch.Length).Build(), new Int64Array.Builder().Append(bytes).Build()],
                1);
        }
    }
}
