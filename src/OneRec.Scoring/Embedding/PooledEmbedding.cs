using System.Buffers;
using Apache.Arrow;
using OneRec.Scoring.Vectors;

namespace OneRec.Scoring.Embedding;

/// <summary>
/// The pooled embedding: each block's vectors are averaged, the mean is scaled to length 1 and multiplied by the block's
/// weight, and the blocks are concatenated in order; a block without data for an item is zero.
/// </summary>
/// <param name="sources">The blocks.</param>
/// <param name="normalize">Whether means are scaled.</param>
internal sealed class PooledEmbedding(BlockSource[] sources, bool normalize)
{
    /// <summary>The output of a chunk.</summary>
    public RecordBatch Embed(EmbedChunk chunk)
    {
        int d = sources.Sum(s => s.Dimensions);
        float[] vectors = ArrayPool<float>.Shared.Rent(chunk.Count * d);
        var blocks = new List<BlockRows>(sources.Length);
        try
        {
            foreach (BlockSource source in sources)
            {
                var rows = new BlockRows(chunk.Count, source.Dimensions);
                blocks.Add(rows);
                BlockStream.Name(chunk, () => source.Read(chunk.Input, chunk.Start, rows));
            }

            vectors.AsSpan(0, chunk.Count * d).Clear();
            var results = new EmbedRow[chunk.Count];
            for (int i = 0; i < chunk.Count; i++)
            {
                results[i] = Join(blocks, i, vectors.AsSpan(i * d, d));
            }

            return EmbedOutput.Build(chunk.Input, chunk.Start, vectors, d, results, chunk.Count);
        }
        finally
        {
            blocks.ForEach(b => b.Dispose());
            ArrayPool<float>.Shared.Return(vectors);
        }
    }

    private EmbedRow Join(List<BlockRows> blocks, int row, Span<float> vector)
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

        return EmbedRow.Of(missing, sources);
    }

    private bool Weigh(Span<float> part, double weight)
    {
        if (normalize)
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
}
