using System.Buffers;
using Apache.Arrow;
using OneRec.Core;
using OneRec.Scoring.Aligned;

namespace OneRec.Scoring.Embedding;

/// <summary>The embedding by an aligned model: it reads the token vectors of all blocks; a block may have none for an item.</summary>
internal sealed class AlignedEmbedding
{
    private readonly AlignedEncoder _encoder;

    /// <summary>Takes a loaded model.</summary>
    /// <param name="encoder">The model.</param>
    /// <param name="onMessage">Receives where its operators run on a device.</param>
    public AlignedEmbedding(AlignedEncoder encoder, Action<string>? onMessage)
    {
        _encoder = encoder;
        if (encoder.Placement is { } placement)
        {
            onMessage?.Invoke($"{encoder.Device}: {placement}");
        }
    }

    /// <summary>The output of a chunk.</summary>
    /// <exception cref="OneRecException">Configuration error <c>embed.aligned-blocks</c>: the model was made for other blocks.</exception>
    public RecordBatch Embed(EmbedChunk chunk, BlockSource[] sources)
    {
        RequireBlocks(sources);
        TokenRows[] blocks = [.. sources.Select(s => TokenVectorsKernel.Read(chunk, s))];
        var results = new EmbedRow[chunk.Count];
        for (int i = 0; i < results.Length; i++)
        {
            results[i] = EmbedRow.Of(blocks, i, sources);
        }

        int[] good = [.. Enumerable.Range(0, results.Length).Where(i => results[i].Problem is null)];
        int d = _encoder.Dimensions;
        float[] vectors = ArrayPool<float>.Shared.Rent(chunk.Count * d);
        try
        {
            EmbedChunk own = chunk;
            BlockStream.Name(own, () => Encode(good, blocks, vectors));
            return EmbedOutput.Build(chunk.Input, chunk.Start, vectors, d, results, chunk.Count);
        }
        finally
        {
            ArrayPool<float>.Shared.Return(vectors);
        }
    }

    private void Encode(int[] rows, TokenRows[] blocks, float[] vectors)
    {
        int d = _encoder.Dimensions;
        try
        {
            _encoder.Encode(rows.Length, (row, block) => blocks[block].Vectors(rows[row]), row => vectors.AsSpan(rows[row] * d, d));
        }
        catch (Vectors.RowFailure failure)
        {
            throw new Vectors.RowFailure(rows[failure.Row], failure.Cause);
        }
    }

    private void RequireBlocks(BlockSource[] sources)
    {
        int[] made = [.. _encoder.Blocks.Select(b => b.Dimensions)];
        int[] given = [.. sources.Select(s => s.Dimensions)];
        if (!made.SequenceEqual(given))
        {
            throw OneRecException.Configuration(
                "embed.aligned-blocks",
                $"the aligned model was made for blocks of {string.Join(", ", made)} dimensions, but embed.inputs give "
                + $"{string.Join(", ", given)}; run 'onerec align' again, or restore embed.inputs");
        }
    }
}
