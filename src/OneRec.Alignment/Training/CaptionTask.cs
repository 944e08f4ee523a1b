using OneRec.Alignment.Networks;

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

    /// <summary>Chooses the captions of a step: those of the first items of the batch that have one.</summary>
    /// <param name="items">Items of the batch, by number in the store.</param>
    /// <param name="chunks">Places of the items of each chunk.</param>
    /// <param name="most">Number of captions.</param>
    public CaptionPlan Plan(IReadOnlyList<int> items, IReadOnlyList<int[]> chunks, int most)
    {
        HashSet<int> chosen = [.. Enumerable.Range(0, items.Count).Where(p => captions[items[p]].Length > 0).Take(most)];
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
