using System.Buffers;
using Apache.Arrow;
using OneRec.Core;
using OneRec.Scoring.Aligned;
using OneRec.Scoring.Vectors;

namespace OneRec.Scoring.Embedding;

/// <summary>The embedding by an aligned model: it reads the token vectors of all blocks; a block may have none for an item.</summary>
internal sealed class AlignedEmbedding
{
    private readonly BlockSource[] _sources;
    private readonly AlignedEncoder _encoder;

    /// <summary>Takes a loaded model.</summary>
    /// <param name="sources">The blocks.</param>
    /// <param name="encoder">The model.</param>
    /// <param name="onMessage">Receives where its operators run on a device.</param>
    /// <exception cref="OneRecException">Configuration error <c>embed.aligned-blocks</c>: the model was made for other blocks.</exception>
    public AlignedEmbedding(BlockSource[] sources, AlignedEncoder encoder, Action<string>? onMessage)
    {
        (_sources, _encoder) = (sources, encoder);
        RequireBlocks();
        if (encoder.Placement is { } placement)
        {
            onMessage?.Invoke($"{encoder.Device}: {placement}");
        }
    }

    /// <summary>The output of a chunk.</summary>
    public RecordBatch Embed(EmbedChunk chunk)
    {
        TokenRows[] blocks = [.. _sources.Select(s => TokenVectorsKernel.Read(chunk, s))];
        var results = new EmbedRow[chunk.Count];
        for (int i = 0; i < results.Length; i++)
        {
            results[i] = EmbedRow.Of(blocks, i, _sources);
        }

        int[] good = [.. Enumerable.Range(0, results.Length).Where(i => results[i].Problem is null)];
        int d = _encoder.Dimensions;
        float[] vectors = ArrayPool<float>.Shared.Rent(chunk.Count * d);
        try
        {
            BlockStream.Name(chunk, () => RowFailure.Renumber(good, () => _encoder.Encode(
                good.Length, (row, block) => blocks[block].Vectors(good[row]), row => vectors.AsSpan(good[row] * d, d))));
            return EmbedOutput.Build(chunk.Input, chunk.Start, vectors, d, results, chunk.Count);
        }
        finally
        {
            ArrayPool<float>.Shared.Return(vectors);
        }
    }

    private void RequireBlocks()
    {
        int[] made = [.. _encoder.Blocks.Select(b => b.Dimensions)];
        int[] given = [.. _sources.Select(s => s.Dimensions)];
        if (!made.SequenceEqual(given))
        {
            throw OneRecException.Configuration(
                "embed.aligned-blocks",
                $"the aligned model was made for blocks of {string.Join(", ", made)} dimensions, but embed.inputs give "
                + $"{string.Join(", ", given)}; run 'onerec align' again, or restore embed.inputs");
        }
    }
}
