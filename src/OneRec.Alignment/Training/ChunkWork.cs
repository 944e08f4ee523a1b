using OneRec.Alignment.Native;
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
