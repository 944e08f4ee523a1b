using OneRec.Alignment.Networks;
using OneRec.Alignment.Tokens;
using OneRec.Alignment.Training;
using OneRec.Kernels.Ranking;

namespace OneRec.Alignment.Steps;

/// <summary>Judges a state of an encoder by the partners of users that training has not seen.</summary>
internal sealed class Validation
{
    private readonly TokenStore _tokens;
    private readonly int[] _items;
    private readonly int _threads;
    private readonly CancellationToken _cancellation;

    /// <summary>Groups partners by item.</summary>
    /// <param name="tokens">Token vectors of all items.</param>
    /// <param name="items">The items among which partners are looked for, by number in the store.</param>
    /// <param name="partners">Items with a partner; maybe none.</param>
    /// <param name="known">Items with a neighbour in training, which is taken out of the ranking.</param>
    /// <param name="threads">Number of threads.</param>
    /// <param name="cancellation">Ends the work.</param>
    public Validation(
        TokenStore tokens,
        int[] items,
        IEnumerable<(int First, int Second)> partners,
        IEnumerable<(int First, int Second)> known,
        int threads,
        CancellationToken cancellation)
    {
        (_tokens, _items, _threads, _cancellation) = (tokens, items, threads, cancellation);
        Dictionary<int, int> places = items.Select((item, place) => (item, place)).ToDictionary(p => p.item, p => p.place);
        Queries = PartnerQuery.Group(Placed(partners), Placed(known));

        IEnumerable<(int First, int Second)> Placed(IEnumerable<(int First, int Second)> pairs) => pairs
            .Where(p => places.ContainsKey(p.First) && places.ContainsKey(p.Second))
            .Select(p => (places[p.First], places[p.Second]));
    }

    /// <summary>The items with partners, by place among the items.</summary>
    public IReadOnlyList<PartnerQuery> Queries { get; }

    /// <summary>The items among which partners are looked for, by number in the store.</summary>
    public IReadOnlyList<int> Items => _items;

    /// <summary>Embeds the items.</summary>
    public VectorScores Embed(ItemEncoder encoder)
    {
        int d = encoder.Dimensions;
        var vectors = new float[_items.Length * d];
        ChunkWork.Encode(
            encoder,
            _tokens,
            _items,
            _threads,
            (places, chunk) =>
            {
                float[] own = chunk.Embeddings.data<float>().ToArray();
                for (int i = 0; i < places.Length; i++)
                {
                    own.AsSpan(i * d, d).CopyTo(vectors.AsSpan(places[i] * d));
                }
            },
            _cancellation);
        return new VectorScores(vectors, d);
    }

    /// <summary>The partners that a ranking finds.</summary>
    public PartnerHits Measure(IItemScores scores) => PartnerHits.Measure(scores, Queries, null, null, _threads, _cancellation);
}
