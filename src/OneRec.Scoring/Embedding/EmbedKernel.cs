using System.Buffers;
using System.Globalization;
using System.Numerics;
using Apache.Arrow;
using OneRec.Core;
using OneRec.Kernels.Batches;
using OneRec.Scoring.Images;
using OneRec.Scoring.Onnx;
using OneRec.Scoring.Vectors;

namespace OneRec.Scoring.Embedding;

/// <summary>
/// Kernel <c>embed</c>: computes the embeddings of items. Each block's vectors are averaged, the mean is scaled to length 1
/// and multiplied by the block's weight, and the blocks are concatenated in order; a block without data for an item is zero.
/// </summary>
/// <remarks>
/// Input: <c>item_id</c> (int64 or string), <c>content_hash</c>, the text columns that the blocks name, and the columns of
/// token vectors and images if a block needs them. Output: <see cref="EmbedOutput.Schema"/>. On the CPU, the result of a row
/// depends only on the row: not on its batch, the threads or its position. Models are loaded at the first batch. Rows are
/// processed in chunks, one thread per chunk, so that some are tokenized, decoded and copied while models run for others;
/// batches are read ahead within half of the task's memory, and images are decoded within the other half. Image files that
/// rows name are opened here.
/// </remarks>
/// <param name="parameters">The blocks and how they are joined.</param>
/// <param name="pool">Loads each model once per process and device.</param>
public sealed class EmbedKernel(EmbedParameters parameters, EncoderPool pool) : IBatchKernel
{
    /// <summary>The kernel's name.</summary>
    public const string Name = "embed";

    /// <summary>The unit of its progress.</summary>
    public const string Unit = "items";

    // The usual maximum size of a batch from a reader of vectors or images.
    private const long AheadBytes = 16L << 20;

    /// <inheritdoc/>
    /// <exception cref="OneRecException">A model does not load, or its output for an item is not finite.</exception>
    public IEnumerable<RecordBatch> Run(IEnumerable<RecordBatch> rows, KernelContext context)
    {
        BlockSource[]? sources = null;
        ImageFolder? folder = parameters.Blocks.OfType<ImageBlock>().FirstOrDefault() is { } images
            ? new ImageFolder(images.Root, images.Within, Math.Min(ImageFolder.MaxBytes, context.MemoryBudget / 8))
            : null;
        var inputs = new List<EmbedBatch>();
        long done = 0;
        int threads = Math.Min(context.Threads, parameters.Threads ?? context.Threads);
        IEnumerable<RecordBatch> embedded = OrderedWork.Run(
            Chunks(), chunk => Embed(chunk, sources!), threads, chunk => chunk.Bytes, ReadAhead(context, threads), context.Cancellation);
        try
        {
            foreach (RecordBatch batch in embedded)
            {
                done += batch.Length;
                context.Progress?.Invoke(new KernelProgress(done, 0, Unit));
                yield return batch;
            }
        }
        finally
        {
            // If a run ends early, some chunks were never started.
            inputs.ForEach(i => i.Dispose());
        }

        IEnumerable<EmbedChunk> Chunks()
        {
            foreach (RecordBatch batch in rows)
            {
                sources ??= OpenAll(context);
                inputs.RemoveAll(i => i.IsDisposed);
                var input = new EmbedBatch(batch, parameters.Blocks, folder);
                inputs.Add(input);
                int size = sources.Min(s => s.MaxRows) is { } most ? Math.Min(most, parameters.Batch) : parameters.Batch;
                foreach (EmbedChunk chunk in input.Chunks(size))
                {
                    yield return chunk;
                }
            }
        }
    }

    // One batch of vectors or images per thread is enough; with more, the peak memory would depend on timing.
    private static long ReadAhead(KernelContext context, int threads) => Math.Min(context.MemoryBudget / 2, threads * AheadBytes);

    private RecordBatch Embed(EmbedChunk chunk, BlockSource[] sources)
    {
        int d = sources.Sum(s => s.Dimensions);
        float[] vectors = ArrayPool<float>.Shared.Rent(chunk.Count * d);
        var blocks = new List<BlockRows>(sources.Length);
        try
        {
            blocks.AddRange(sources.Select(s => Read(s, chunk)));
            vectors.AsSpan(0, chunk.Count * d).Clear();
            var results = new EmbedRow[chunk.Count];
            for (int i = 0; i < chunk.Count; i++)
            {
                results[i] = Join(blocks, i, vectors.AsSpan(i * d, d), sources);
            }

            return EmbedOutput.Build(chunk.Input, chunk.Start, vectors, d, results, chunk.Count);
        }
        finally
        {
            blocks.ForEach(b => b.Dispose());
            ArrayPool<float>.Shared.Return(vectors);
            chunk.Input.Done();
        }
    }

    private static BlockRows Read(BlockSource source, EmbedChunk chunk)
    {
        var rows = new BlockRows(chunk.Count, source.Dimensions);
        try
        {
            source.Read(chunk.Input, chunk.Start, rows);
            return rows;
        }
        catch (RowFailure failure)
        {
            OneRecException cause = failure.Cause;
            throw new OneRecException(
                cause.Kind, cause.Code, $"{cause.Message} (item {chunk.Input.IdText(chunk.Start + failure.Row)})", cause);
        }
        catch (OneRecException e)
        {
            string first = chunk.Input.IdText(chunk.Start);
            string items = chunk.Count == 1 ? $"item {first}" : $"items {first} to {chunk.Input.IdText(chunk.Start + chunk.Count - 1)}";
            throw new OneRecException(e.Kind, e.Code, $"{e.Message} ({items})", e);
        }
    }

    private EmbedRow Join(List<BlockRows> blocks, int row, Span<float> vector, BlockSource[] sources)
    {
        int missing = 0;
        int at = 0;
        for (int b = 0; b < blocks.Count; b++)
        {
            Span<float> part = vector.Slice(at, sources[b].Dimensions);
            at += part.Length;
            if (blocks[b].Problem(row) is { } problem)
            {
                return new EmbedRow(missing, problem);
            }

            if (blocks[b].IsMissing(row))
            {
                missing |= 1 << b;
                continue;
            }

            blocks[b].Vector(row).CopyTo(part);
            if (!Weigh(part, sources[b].Weight))
            {
                return new EmbedRow(missing, $"the mean of its {sources[b].Description} is zero and has no direction");
            }
        }

        return BitOperations.PopCount((uint)missing) == sources.Length
            ? new EmbedRow(missing, $"nothing to embed: no {string.Join(" and no ", sources.Select(s => s.Description))}")
            : new EmbedRow(missing, null);
    }

    private bool Weigh(Span<float> part, double weight)
    {
        if (parameters.Normalize)
        {
            return VectorMean.ScaleTo(part, weight);
        }

        if (weight != 1)
        {
            foreach (ref float x in part)
            {
                x = (float)(x * weight);
            }
        }

        return true;
    }

    private BlockSource[] OpenAll(KernelContext context)
    {
        ExecutionDevice device = DeviceOf(context);
        var memory = new MemoryShare(context.MemoryBudget / 2);
        BlockSource[] sources = [.. parameters.Blocks.Select(b => Open(b, device, memory))];
        foreach (string placement in sources.Select(s => s.Placement).OfType<string>())
        {
            context.OnMessage?.Invoke($"{device}: {placement}");
        }

        return sources;
    }

    private BlockSource Open(EmbedBlock block, ExecutionDevice device, MemoryShare memory) => block switch
    {
        TextBlock text => new TextSource(text, pool.Text(text.Open(), device)),
        ImageBlock image => new ImageSource(image, pool.Image(image.Open(), device), memory),
        TokenBlock tokens => new TokenSource(tokens),
        _ => throw new ArgumentException($"embed: unknown block {block.GetType().Name}", nameof(block)),
    };

    // Use the scheduler's address if there is one, so that two tasks of an executor use two devices.
    private ExecutionDevice DeviceOf(KernelContext context)
    {
        if (!parameters.Cuda)
        {
            return ExecutionDevice.Cpu;
        }

        int id = parameters.CudaDevice;
        if (context.Gpus.Count > 0 && !int.TryParse(context.Gpus[0], NumberStyles.None, CultureInfo.InvariantCulture, out id))
        {
            throw OneRecException.Engine(
                "embed.cuda", $"the scheduler assigned the GPU '{context.Gpus[0]}' to this task; its discovery script must print numbers");
        }

        return ExecutionDevice.Cuda(id, parameters.CudaMemory);
    }
}
