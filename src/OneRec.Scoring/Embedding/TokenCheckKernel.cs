using Apache.Arrow;
using Apache.Arrow.Types;
using OneRec.Kernels.Batches;
using OneRec.Scoring.Vectors;

namespace OneRec.Scoring.Embedding;

/// <summary>
/// Kernel <c>token_check</c>: what is wrong with each row's token vectors, in the words of the kernel <c>embed</c>, without
/// embedding them.
/// </summary>
/// <remarks>
/// Input: <c>item_id</c> (BIGINT or STRING) and token vectors as for the kernel <c>embed</c>. Output, one row per row and in
/// the same order: <c>item_id</c>; <c>length</c> (BIGINT; null if the row has no vectors, or they have a problem);
/// <c>problem</c> (STRING or null). Vectors of different rows may differ in length.
/// </remarks>
/// <param name="column">The input column of vectors.</param>
public sealed class TokenCheckKernel(string column) : IBatchKernel
{
    /// <summary>The kernel's name.</summary>
    public const string Name = "token_check";

    /// <summary>A call of this kernel.</summary>
    /// <param name="column">The input column of vectors.</param>
    /// <param name="id">The type of <c>item_id</c>.</param>
    public static KernelCall Call(string column, IArrowType id) => new(Name, new() { ["column"] = column }, Output(id));

    /// <inheritdoc/>
    public IEnumerable<RecordBatch> Run(IEnumerable<RecordBatch> rows, KernelContext context)
    {
        ArgumentNullException.ThrowIfNull(rows);
        ArgumentNullException.ThrowIfNull(context);
        return Map(rows, context);
    }

    private static Schema Output(IArrowType id) => new(
        [
            new Field("item_id", id, nullable: false),
            new Field("length", Int64Type.Default, nullable: true),
            new Field("problem", StringType.Default, nullable: true),
        ],
        null);

    private IEnumerable<RecordBatch> Map(IEnumerable<RecordBatch> rows, KernelContext context)
    {
        var sum = new VectorSum(1);
        float[] mean = [0];
        foreach (RecordBatch batch in rows)
        {
            context.Cancellation.ThrowIfCancellationRequested();
            IArrowArray id = batch.Column("item_id");
            TokenColumn tokens = TokenColumn.Of(batch, column);
            var lengths = new Int64Array.Builder();
            var problems = new StringArray.Builder();
            for (int row = 0; row < batch.Length; row++)
            {
                int length = Math.Max(1, tokens.LengthOf(row));
                if (length != mean.Length)
                {
                    (sum, mean) = (new VectorSum(length), new float[length]);
                }

                string? problem = tokens.TryMean(row, sum, mean, out int count);
                _ = count == 0 ? lengths.AppendNull() : lengths.Append(length);
                problems.Append(problem);
            }

            yield return new RecordBatch(Output(id.Data.DataType), [SharedColumn.Of(id), lengths.Build(), problems.Build()], batch.Length);
        }
    }
}
