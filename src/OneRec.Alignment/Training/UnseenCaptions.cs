using OneRec.Alignment.Native;
using OneRec.Alignment.Networks;
using OneRec.Alignment.Tokens;
using static TorchSharp.torch;

namespace OneRec.Alignment.Training;

/// <summary>How much of an item's text its queries keep: the perplexity of captions that training does not see.</summary>
internal sealed class UnseenCaptions
{
    /// <summary>Maximum number of captions.</summary>
    internal const int Most = 500;

    /// <summary>Captions at once: each token has a probability for all of the vocabulary.</summary>
    private const int Together = 16;

    private readonly ItemEncoder _encoder;
    private readonly CaptionTask _task;
    private readonly TokenStore _tokens;
    private readonly int[] _items;
    private readonly int _threads;
    private readonly CancellationToken _cancellation;

    private UnseenCaptions(ItemEncoder encoder, CaptionTask task, TokenStore tokens, int[] items, int threads, CancellationToken cancellation) =>
        (_encoder, _task, _tokens, _items, _threads, _cancellation) = (encoder, task, tokens, items, threads, cancellation);

    /// <summary>Chooses the captions; null if there are fewer than two.</summary>
    /// <param name="encoder">The encoder.</param>
    /// <param name="task">The captions and their decoder.</param>
    /// <param name="tokens">Token vectors of the items.</param>
    /// <param name="items">Items that training does not see, by number in the store; the first with a caption are taken.</param>
    /// <param name="threads">Number of threads.</param>
    /// <param name="cancellation">Ends a measurement.</param>
    public static UnseenCaptions? Of(
        ItemEncoder encoder, CaptionTask task, TokenStore tokens, IEnumerable<int> items, int threads, CancellationToken cancellation)
    {
        int[] chosen = [.. items.Where(i => task.Captions[i].Length > 0).Take(Most)];
        return chosen.Length < 2 ? null : new UnseenCaptions(encoder, task, tokens, chosen, threads, cancellation);
    }

    /// <summary>Measures the present weights.</summary>
    public CaptionPerplexity Measure()
    {
        Tensor[] queries = Queries();
        try
        {
            int[][] chunks = [.. Enumerable.Range(0, _items.Length).OrderBy(place => _task.Captions[_items[place]].Length).Chunk(Together)];
            (double Own, double Other)[] losses = ChunkWork.Run(chunks.Length, _threads, c =>
            {
                using IDisposable plain = no_grad();
                int[][] captions = [.. chunks[c].Select(place => _task.Captions[_items[place]])];
                return (Loss(chunks[c].Select(place => queries[place]), captions), Loss(chunks[c].Select(place => queries[(place + 1) % queries.Length]), captions));
            });
            double tokens = _items.Sum(i => (double)_task.Captions[i].Length);
            return new CaptionPerplexity(Math.Exp(losses.Sum(l => l.Own) / tokens), Math.Exp(losses.Sum(l => l.Other) / tokens));
        }
        finally
        {
            Array.ForEach(queries, q => q?.Dispose());
        }
    }

    private double Loss(IEnumerable<Tensor> queries, int[][] captions) => Scalars.Value(_task.Decoder.Loss(stack(queries), captions));

    // [q, width] of each item.
    private Tensor[] Queries()
    {
        var queries = new Tensor[_items.Length];
        ChunkWork.Encode(
            _encoder,
            _tokens,
            _items,
            _threads,
            (places, chunk) =>
            {
                for (int i = 0; i < places.Length; i++)
                {
                    queries[places[i]] = chunk.Queries[i].clone().DetachFromDisposeScope();
                }
            },
            _cancellation);
        return queries;
    }
}

/// <summary>The perplexity of captions: exp of the mean loss of a token.</summary>
/// <param name="Own">From the item's own queries.</param>
/// <param name="Other">From the queries of another item.</param>
internal sealed record CaptionPerplexity(double Own, double Other);
