using OneRec.Alignment.Native;
using OneRec.Alignment.Networks;
using OneRec.Alignment.Tokens;
using OneRec.Core;
using TorchSharp;
using static TorchSharp.torch;

namespace OneRec.Alignment.Training;

/// <summary>
/// Work on chunks of items by several threads. Each operation of libtorch uses one thread, a chunk is computed by one thread,
/// and sums over chunks go in their order: the same bits with any number of threads.
/// </summary>
internal static class ChunkWork
{
    /// <summary>Items of a chunk: enough for matrix products, few enough that padding to the longest costs little.</summary>
    public const int Size = 96;

    /// <summary>Splits items of similar length into chunks.</summary>
    /// <param name="lengths">Number of token vectors of each item.</param>
    /// <returns>Places of the items of each chunk.</returns>
    public static int[][] Split(IReadOnlyList<int> lengths) =>
        [.. Enumerable.Range(0, lengths.Count).OrderBy(i => lengths[i]).ThenBy(i => i).Chunk(Size)];

    /// <summary>Runs work for each chunk; its result may hold tensors that the work detached from its scope.</summary>
    /// <param name="count">Number of chunks.</param>
    /// <param name="threads">Number of threads.</param>
    /// <param name="work">The work on a chunk, inside a scope of its own.</param>
    /// <returns>The results in the order of chunks.</returns>
    public static T[] Run<T>(int count, int threads, Func<int, T> work)
    {
        var results = new T[count];
        try
        {
            Parallel.For(0, count, new ParallelOptions { MaxDegreeOfParallelism = threads }, chunk =>
            {
                using DisposeScope scope = NewDisposeScope();
                results[chunk] = work(chunk);
            });
        }
        catch (AggregateException e) when (e.InnerExceptions.OfType<OneRecException>().FirstOrDefault() is { } known)
        {
            throw known;
        }

        return results;
    }

    /// <summary>Encodes items without gradients.</summary>
    /// <param name="encoder">The encoder.</param>
    /// <param name="tokens">Token vectors of the items.</param>
    /// <param name="items">The items, by number in the store.</param>
    /// <param name="threads">Number of threads.</param>
    /// <param name="use">Called with places of a chunk's items and their vectors, which live as long as the call; from any thread.</param>
    /// <param name="cancellation">Checked before each chunk.</param>
    public static void Encode(
        ItemEncoder encoder, TokenStore tokens, IReadOnlyList<int> items, int threads, Action<int[], ItemVectors> use, CancellationToken cancellation)
    {
        int[][] chunks = Split([.. items.Select(tokens.Length)]);
        _ = Run(chunks.Length, threads, c =>
        {
            cancellation.ThrowIfCancellationRequested();
            using IDisposable plain = no_grad();
            use(chunks[c], encoder.Encode(tokens.Read([.. chunks[c].Select(place => items[place])]), null));
            return true;
        });
    }

    /// <summary>Adds the gradients of chunks in their order; disposes them.</summary>
    /// <param name="chunks">Gradients of all weights, by chunk; null for a weight that a chunk does not use.</param>
    /// <param name="weights">Number of weights.</param>
    /// <returns>The sums; null for a weight that no chunk uses.</returns>
    public static Tensor?[] Sum(IReadOnlyList<Tensor?[]> chunks, int weights)
    {
        var sums = new Tensor?[weights];
        foreach (Tensor?[] chunk in chunks)
        {
            for (int w = 0; w < weights; w++)
            {
                if (chunk[w] is not { } part)
                {
                    continue;
                }

                if (sums[w] is { } sum)
                {
                    sum.PlusInPlace(part);
                    part.Dispose();
                }
                else
                {
                    sums[w] = part;
                }
            }
        }

        return sums;
    }
}
