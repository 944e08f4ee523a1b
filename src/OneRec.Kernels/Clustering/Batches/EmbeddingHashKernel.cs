using System.Text.Json.Nodes;
using Apache.Arrow;
using Apache.Arrow.Types;
using OneRec.Kernels.Batches;
using OneRec.Kernels.Clustering.Rows;

namespace OneRec.Kernels.Clustering.Batches;

/// <summary>Hashes embeddings as <see cref="EncodeKernel"/> does.</summary>
/// <remarks>
/// Input columns by name: <c>item_id</c>, <c>embedding</c> (lists of float of any lengths). Output: <c>item_id</c>,
/// <c>embedding_hash</c>. Rows are independent and keep their order.
/// </remarks>
public sealed class EmbeddingHashKernel : IBatchKernel
{
    /// <summary>The kernel's name in the registry.</summary>
    public const string Name = "embedding-hash";

    private EmbeddingHashKernel()
    {
    }

    /// <summary>A call of this kernel.</summary>
    /// <param name="id">The type of <c>item_id</c>.</param>
    public static KernelCall Call(IArrowType id) => new(Name, [], Output(id));

    /// <summary>Creates the kernel.</summary>
    public static EmbeddingHashKernel Create(JsonObject parameters)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        return new EmbeddingHashKernel();
    }

    /// <inheritdoc/>
    public IEnumerable<RecordBatch> Run(IEnumerable<RecordBatch> rows, KernelContext context)
    {
        ArgumentNullException.ThrowIfNull(rows);
        ArgumentNullException.ThrowIfNull(context);
        foreach (RecordBatch batch in rows)
        {
            context.Cancellation.ThrowIfCancellationRequested();
            yield return Hash(batch);
        }
    }

    private static Schema Output(IArrowType id) => new(
        [new Field("item_id", id, nullable: false), new Field("embedding_hash", StringType.Default, nullable: false)], null);

    private static RecordBatch Hash(RecordBatch batch)
    {
        IArrowArray ids = KernelColumns.Find(batch, "item_id", Name);
        var vectors = VectorColumn.Of(KernelColumns.Find(batch, "embedding", Name));
        var hashes = new StringArray.Builder();
        for (int row = 0; row < batch.Length; row++)
        {
            hashes.Append(EmbeddingHash.Of(vectors[row]));
        }

        return new RecordBatch(Output(ids.Data.DataType), [SharedColumn.Of(ids), hashes.Build()], batch.Length);
    }
}
