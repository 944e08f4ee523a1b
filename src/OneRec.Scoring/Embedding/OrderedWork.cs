using System.Collections.Concurrent;

namespace OneRec.Scoring.Embedding;

/// <summary>
/// Processes a stream on several threads, with results in the order of the stream. The caller's thread reads ahead while the
/// others work, up to a number of pieces and bytes.
/// </summary>
internal static class OrderedWork
{
    /// <summary>Processes each piece.</summary>
    /// <typeparam name="TIn">A piece.</typeparam>
    /// <typeparam name="TOut">Its result; disposed if it is not consumed.</typeparam>
    /// <param name="source">The pieces; only enumerated on the caller's thread.</param>
    /// <param name="work">Called on any thread; of several exceptions, that of the first piece is thrown.</param>
    /// <param name="threads">Number of worker threads, at least 1.</param>
    /// <param name="bytes">Returns the bytes that a piece holds.</param>
    /// <param name="budget">Bytes to read ahead; a single piece may exceed them.</param>
    /// <param name="cancellation">Stops the work.</param>
    public static IEnumerable<TOut> Run<TIn, TOut>(
        IEnumerable<TIn> source,
        Func<TIn, TOut> work,
        int threads,
        Func<TIn, long> bytes,
        long budget,
        CancellationToken cancellation)
        where TOut : IDisposable
    {
        var pending = new Queue<(Task<TOut> Answer, long Bytes)>();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        using var queue = new BlockingCollection<Task<TOut>>();
        Task[] workers =
        [
            .. Enumerable.Range(0, threads).Select(_ => Task.Factory.StartNew(
                Work, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default)),
        ];
        long held = 0;
        try
        {
            foreach (TIn piece in source)
            {
                cancellation.ThrowIfCancellationRequested();
                long size = bytes(piece);
                var answer = new Task<TOut>(() => work(piece));
                pending.Enqueue((answer, size));
                queue.Add(answer, CancellationToken.None);
                held += size;
                while (pending.Count > 0 && (pending.Count > 2 * threads || held > budget))
                {
                    yield return Next();
                }
            }

            while (pending.Count > 0)
            {
                yield return Next();
            }
        }
        finally
        {
            stop.Cancel();
            queue.CompleteAdding();
            Task.WaitAll(workers, CancellationToken.None);
            foreach ((Task<TOut> answer, long _) in pending)
            {
                if (answer.IsCompletedSuccessfully)
                {
                    answer.Result.Dispose();
                }
            }
        }

        TOut Next()
        {
            cancellation.ThrowIfCancellationRequested();
            (Task<TOut> answer, long size) = pending.Peek();
            try
            {
                answer.Wait(cancellation);
            }
            catch (AggregateException)
            {
                // Rethrown below.
            }

            pending.Dequeue();
            held -= size;
            return answer.GetAwaiter().GetResult();
        }

        void Work()
        {
            foreach (Task<TOut> answer in queue.GetConsumingEnumerable(CancellationToken.None))
            {
                if (!stop.IsCancellationRequested)
                {
                    answer.RunSynchronously();
                }
            }
        }
    }
}
