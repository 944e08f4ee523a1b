using OneRec.Alignment.Networks;
using OneRec.Alignment.Tokens;
using OneRec.Alignment.Training;
using OneRec.Kernels.Ranking;
using static TorchSharp.torch;

namespace OneRec.Alignment.Steps;

/// <summary>Judges a state of an encoder by the partners of users that training has not seen.</summary>
/// <param name="tokens">Token vectors of all items.</param>
/// <param name="queries">Items with partners, by number; maybe none.</param>
/// <param name="threads">Number of threads.</param>
/// <param name="cancellation">Ends the work.</param>
internal sealed class Validation(TokenStore tokens, IReadOnlyList<PartnerQuery> queries, int threads, CancellationToken cancellation)
{
    /// <summary>The items with partners.</summary>
    public IReadOnlyList<PartnerQuery> Queries => queries;

    /// <summary>Groups partners by item.</summary>
    /// <param name="first">Items.</param>
    /// <param name="second">Their partners.</param>
    /// <param name="knownFirst">Items.</param>
    /// <param name="knownSecond">Their neighbours in training.</param>
    public static IReadOnlyList<PartnerQuery> Group(int[] first, int[] second, int[] knownFirst, int[] knownSecond)
    {
        ILookup<int, int> known = knownFirst.Zip(knownSecond).ToLookup(p => p.First, p => p.Second);
        return
        [
            .. first.Zip(second)
                .GroupBy(p => p.First, p => p.Second)
                .OrderBy(g => g.Key)
                .Select(g => new PartnerQuery(g.Key, [.. g.Distinct()], new HashSet<int>(known[g.Key]))),
        ];
    }

    /// <summary>Embeds all items.</summary>
    public VectorScores Embed(ItemEncoder encoder)
    {
        int d = encoder.Dimensions;
        var vectors = new float[tokens.Items * d];
        int[][] chunks = ChunkWork.Split([.. Enumerable.Range(0, tokens.Items).Select(tokens.Length)]);
        _ = ChunkWork.Run(chunks.Length, threads, c =>
        {
            cancellation.ThrowIfCancellationRequested();
            using IDisposable plain = no_grad();
            float[] own = encoder.Encode(tokens.Read(chunks[c]), null).Embeddings.data<float>().ToArray();
            for (int i = 0; i < chunks[c].Length; i++)
            {
                own.AsSpan(i * d, d).CopyTo(vectors.AsSpan(chunks[c][i] * d));
            }

            return true;
        });
        return new VectorScores(vectors, d);
    }

    /// <summary>The partners that a ranking finds.</summary>
    public PartnerHits Measure(IItemScores scores) => PartnerHits.Measure(scores, queries, null, null, threads, cancellation);
}
