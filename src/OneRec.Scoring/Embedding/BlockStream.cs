using System.Globalization;
using Apache.Arrow;
using OneRec.Core;
using OneRec.Kernels.Batches;
using OneRec.Scoring.Images;
using OneRec.Scoring.Onnx;
using OneRec.Scoring.Vectors;

namespace OneRec.Scoring.Embedding;

/// <summary>
/// Streams rows through the blocks of an embedding. Models are loaded at the first batch. Rows are processed in chunks, one
/// thread per chunk, so that some are tokenized, decoded and copied while models run for others; batches are read ahead within
/// half of the task's memory, and images are decoded within the other half. Image files that rows name are opened here.
/// </summary>
/// <param name="parameters">The blocks.</param>
/// <param name="pool">Loads each model once per process and device.</param>
internal sealed class BlockStream(EmbedParameters parameters, EncoderPool pool)
{
    // The usual maximum size of a batch from a reader of vectors or images.
    private const long AheadBytes = 16L << 20;

    /// <summary>Processes rows.</summary>
    /// <param name="rows">The input of a kernel.</param>
    /// <param name="context">Its context.</param>
    /// <param name="begin">Called once, with the blocks: returns what makes a chunk's output, on any thread.</param>
    /// <returns>The outputs in the order of the rows.</returns>
    /// <exception cref="OneRecException">A model does not load, or its output for an item is not finite.</exception>
    public IEnumerable<RecordBatch> Run(
        IEnumerable<RecordBatch> rows, KernelContext context, Func<BlockSource[], Func<EmbedChunk, RecordBatch>> begin)
    {
        BlockSource[]? sources = null;
        Func<EmbedChunk, RecordBatch>? work = null;
        ImageFolder? folder = parameters.Blocks.OfType<ImageBlock>().FirstOrDefault() is { } images
            ? new ImageFolder(images.Root, images.Within, Math.Min(ImageFolder.MaxBytes, context.MemoryBudget / 8))
            : null;
        var inputs = new List<EmbedBatch>();
        long done = 0;
        int threads = Math.Min(context.Threads, parameters.Threads ?? context.Threads);
        IEnumerable<RecordBatch> outputs = OrderedWork.Run(
            Chunks(), Process, threads, chunk => chunk.Bytes, ReadAhead(context, threads), context.Cancellation);
        try
        {
            foreach (RecordBatch batch in outputs)
            {
                done += batch.Length;
                context.Progress?.Invoke(new KernelProgress(done, 0, EmbedKernel.Unit));
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
                work ??= begin(sources);
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

        RecordBatch Process(EmbedChunk chunk)
        {
            try
            {
                return work!(chunk);
            }
            finally
            {
                chunk.Input.Done();
            }
        }
    }

    /// <summary>Calls a model for a chunk; its errors name the items.</summary>
    /// <param name="chunk">The chunk.</param>
    /// <param name="read">The call; a <see cref="RowFailure"/> counts from the chunk's first row.</param>
    public static void Name(EmbedChunk chunk, Action read)
    {
        try
        {
            read();
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

    // One batch of vectors or images per thread is enough; with more, the peak memory would depend on timing.
    private static long ReadAhead(KernelContext context, int threads) => Math.Min(context.MemoryBudget / 2, threads * AheadBytes);

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

    /// <summary>The device of a task: the scheduler's if it names one, so that two tasks of an executor use two devices.</summary>
    public ExecutionDevice DeviceOf(KernelContext context)
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
