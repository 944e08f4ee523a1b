using System.Security.Cryptography;
using Apache.Arrow;
using Apache.Arrow.Types;
using OneRec.Kernels.Batches;

namespace OneRec.Scoring.Embedding;

/// <summary>
/// Kernel <c>token_hash</c>: a hash of each row's token vectors as they are stored, to see whether they changed.
/// </summary>
/// <remarks>
/// Input: <c>item_id</c> (BIGINT or STRING) and token vectors as for the kernel <c>embed</c>. Output, one row per row and in
/// the same order: <c>item_id</c>, <c>version</c> (string; null if the row has no vectors).
/// </remarks>
/// <param name="column">The input column of vectors.</param>
public sealed class TokenHashKernel(string column) : IBatchKernel
{
    /// <summary>The kernel's name.</summary>
    public const string Name = "token_hash";

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
        [new Field("item_id", id, nullable: false), new Field("version", StringType.Default, nullable: true)], null);

    private IEnumerable<RecordBatch> Map(IEnumerable<RecordBatch> rows, KernelContext context)
    {
        using var sha = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        long done = 0;
        foreach (RecordBatch batch in rows)
        {
            context.Cancellation.ThrowIfCancellationRequested();
            IArrowArray id = batch.Column("item_id");
            TokenColumn tokens = TokenColumn.Of(batch, column);
            var versions = new StringArray.Builder();
            for (int row = 0; row < batch.Length; row++)
            {
                if (tokens.Hash(row, sha))
                {
                    versions.Append(Convert.ToHexStringLower(sha.GetHashAndReset()));
                }
                else
                {
                    versions.AppendNull();
                }
            }

            yield return new RecordBatch(Output(id.Data.DataType), [SharedColumn.Of(id), versions.Build()], batch.Length);
            done += batch.Length;
            context.Progress?.Invoke(new KernelProgress(done, 0, "items"));
        }
    }
}
