using System.Runtime.ExceptionServices;
using Apache.Arrow;
using OneRec.Core;
using OneRec.Kernels.Batches;
using OneRec.Scoring.Models;

namespace OneRec.Scoring.Embedding;

/// <summary>
/// Kernel <c>embed</c>: items to vectors. Each block's vectors are averaged, the mean brought to length 1, multiplied by
/// the block's weight, and the blocks laid side by side in order; a block that an item has nothing for is zeros.
/// </summary>
/// <remarks>
/// Input: <c>item_id</c> (int64 or string), <c>content_hash</c>, the text columns that the blocks name, and
/// the column of vectors (list of list of float) where a block
/// asks for it. Output: <see cref="EmbedOutput.Schema"/>. A row's
/// result depends on nothing but the row: not on batch mates, threads or place. Models are loaded at the first batch.
/// </remarks>
/// <param name="parameters">Blocks and how they are joined.</param>
/// <param name="pool">Loads each model once a process.</param>
public sealed class EmbedKernel(EmbedParameters parameters, EncoderPool pool) : IBatchKernel
{
    /// <summary>The kernel's name.</summary>
    public const string Name = "embed";

    /// <inheritdoc/>
    /// <exception cref="OneRecException">A model does not load, or its output for an item is not finite.</exception>
    public IEnumerable<RecordBatch> Run(IEnumerable<RecordBatch> rows, KernelContext context)
    {
        BlockSource[]? sources = null;
        long done = 0;
        foreach (RecordBatch batch in rows)
        {
            sources ??= [.. parameters.Blocks.Select(Open)];
            int d = sources.Sum(s => s.Dimensions);
            var input = new EmbedBatch(batch, parameters.Blocks);
            for (int start = 0; start < input.Count; start += parameters.Batch)
            {
                int count = Math.Min(parameters.Batch, input.Count - start);
                var vectors = new float[count * d];
                EmbedRow[] results = Embed(input, start, count, vectors, d, sources, context);
                done += count;
                context.Progress?.Invoke(new KernelProgress(done, 0, "items"));
                yield return EmbedOutput.Build(input, start, vectors, d, results, count);
            }
        }
    }

    private EmbedRow[] Embed(
        EmbedBatch input, int start, int count, float[] vectors, int d, BlockSource[] sources, KernelContext context)
    {
        var results = new EmbedRow[count];
        var failures = new Exception?[count];
        var options = new ParallelOptions
        {
            MaxDegreeOfParallelism = Math.Min(context.Threads, parameters.Threads ?? context.Threads),
            CancellationToken = context.Cancellation,
        };
        Parallel.For(0, count, options, i =>
        {
            try
            {
                results[i] = EmbedOne(input, start + i, vectors.AsSpan(i * d, d), sources);
            }
            catch (OneRecException e)
            {
                failures[i] = new OneRecException(e.Kind, e.Code, $"{e.Message} (item {input.IdText(start + i)})", e);
            }
        });

        // Of several failures the first row's is told, whichever thread came first.
        if (failures.FirstOrDefault(e => e is not null) is { } failure)
        {
            ExceptionDispatchInfo.Throw(failure);
        }

        return results;
    }

    private EmbedRow EmbedOne(EmbedBatch input, int row, Span<float> vector, BlockSource[] sources)
    {
        int missing = 0;
        int at = 0;
        foreach (BlockSource source in sources)
        {
            Span<float> part = vector.Slice(at, source.Dimensions);
            at += source.Dimensions;
            if (!source.TryRead(input, row, part, out string? problem))
            {
                if (problem is not null)
                {
                    return new EmbedRow(missing, problem);
                }

                missing++;
                continue;
            }

            if (parameters.Normalize)
            {
                if (!VectorMean.ScaleTo(part, source.Weight))
                {
                    return new EmbedRow(missing, $"the mean of its {source.What} is zero and has no direction");
                }
            }
            else if (source.Weight != 1)
            {
                foreach (ref float x in part)
                {
                    x = (float)(x * source.Weight);
                }
            }
        }

        return missing == sources.Length
            ? new EmbedRow(missing, $"nothing to embed: no {string.Join(" and no ", sources.Select(s => s.What))}")
            : new EmbedRow(missing, null);
    }

    private BlockSource Open(EmbedBlock block) => block switch
    {
        TextBlock text => new TextSource(text, pool.Text(ModelFolder.Open(text.Folder, text.Manifest))),
        TokenBlock tokens => new TokenSource(tokens),
        _ => throw new ArgumentException($"embed: unknown block {block.GetType().Name}", nameof(block)),
    };
}
