using Apache.Arrow;
using OneRec.Core;
using OneRec.Kernels.Batches;
using OneRec.Scoring.Models;

namespace OneRec.Scoring.Embedding;

/// <summary>
/// Kernel <c>embed</c>: computes the embeddings of items, pooled (<see cref="PooledEmbedding"/>) or by an aligned model
/// (<see cref="AlignedEmbedding"/>).
/// </summary>
/// <remarks>
/// Input: <c>item_id</c> (int64 or string), <c>content_hash</c>, the text columns that the blocks name, and the columns of
/// token vectors and images if a block needs them. Output: <see cref="EmbedOutput.Schema"/>. On the CPU, the result of a row
/// depends only on the row: not on its batch, the threads or its position.
/// </remarks>
/// <param name="parameters">The blocks and how they are joined.</param>
/// <param name="pool">Loads each model once per process and device.</param>
public sealed class EmbedKernel(EmbedParameters parameters, EncoderPool pool) : IBatchKernel
{
    /// <summary>The kernel's name.</summary>
    public const string Name = "embed";

    /// <summary>The unit of its progress.</summary>
    public const string Unit = "items";

    /// <inheritdoc/>
    /// <exception cref="OneRecException">A model does not load, or its output for an item is not finite.</exception>
    public IEnumerable<RecordBatch> Run(IEnumerable<RecordBatch> rows, KernelContext context)
    {
        var stream = new BlockStream(parameters, pool);
        return stream.Run(rows, context, sources => parameters.Aligned is { } folder
            ? new AlignedEmbedding(sources, pool.Aligned(ModelFolder.Open(folder), stream.DeviceOf(context)), context.OnMessage).Embed
            : new PooledEmbedding(sources, parameters.Normalize).Embed);
    }
}
