using OneRec.Alignment.Losses;
using OneRec.Alignment.Networks;
using OneRec.Core;

namespace OneRec.Alignment.Training;

/// <summary>The captions of items and the decoder that has to predict them.</summary>
/// <param name="decoder">The decoder.</param>
/// <param name="captions">For each item in the store its tokens, the end token last; empty if it has no caption.</param>
internal sealed class CaptionTask(CaptionDecoder decoder, IReadOnlyList<int[]> captions)
{
    /// <summary>The decoder.</summary>
    public CaptionDecoder Decoder => decoder;

    /// <summary>For each item in the store its tokens; empty if it has no caption.</summary>
    public IReadOnlyList<int[]> Captions => captions;

    /// <summary>
    /// Chooses the captions of a step at random, an item with a weight of 1 / its pairs: a popular item is in most batches, and
    /// its caption would otherwise be learned by heart before others are seen once.
    /// </summary>
    /// <remarks>Weighted sampling without replacement by exponential keys (Efraimidis and Spirakis, 2006).</remarks>
    /// <param name="batch">The batch.</param>
    /// <param name="chunks">Places of the items of each chunk.</param>
    /// <param name="most">Number of captions.</param>
    /// <param name="seed">Seed of the step.</param>
    public CaptionPlan Plan(PairBatch batch, IReadOnlyList<int[]> chunks, int most, ulong seed)
    {
        int[] items = batch.Items;
        var random = new SplitMix64(seed);
        double[] keys = [.. batch.LogFrequencies.Select(f => -Math.Log(1 - random.NextDouble()) * Math.Exp(f))];
        HashSet<int> chosen = [.. Enumerable.Range(0, items.Length).Where(p => captions[items[p]].Length > 0).OrderBy(p => keys[p]).Take(most)];
        CaptionRows[] rows =
        [
            .. chunks.Select(chunk =>
            {
                int[] own = [.. Enumerable.Range(0, chunk.Length).Where(i => chosen.Contains(chunk[i]))];
                return new CaptionRows([.. own.Select(i => (long)i)], [.. own.Select(i => captions[items[chunk[i]]])]);
            }),
        ];
        return new CaptionPlan(rows, chosen.Sum(p => captions[items[p]].Length));
    }
}

/// <summary>The captions of a step.</summary>
/// <param name="Chunks">For each chunk its captions.</param>
/// <param name="Tokens">Number of tokens in all of them.</param>
internal sealed record CaptionPlan(IReadOnlyList<CaptionRows> Chunks, int Tokens)
{
    /// <summary>No captions.</summary>
    public static CaptionPlan None { get; } = new([], 0);
}

/// <summary>The captions of a chunk.</summary>
/// <param name="Rows">Places of their items in the chunk.</param>
/// <param name="Captions">Their tokens.</param>
internal sealed record CaptionRows(long[] Rows, IReadOnlyList<int[]> Captions);
