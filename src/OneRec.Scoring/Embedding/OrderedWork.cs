using System.Collections.Concurrent;

namespace OneRec.Scoring.Embedding;

/// <summary>
/// Work on a stream by several threads, answers in the order of the stream. The caller's thread reads ahead while the
/// others work, no further than a number of pieces and of bytes.
/// </summary>
internal static class OrderedWork
{
    /// <summary>Works on each piece.</summary>
    /// <typeparam name="TIn">A piece.</typeparam>
    /// <typeparam name="TOut">Its answer; disposed where nobody takes it.</typeparam>
    /// <param name="source">The pieces; enumerated by the caller's thread alone.</param>
    /// <param name="work">Called from any thread; the first piece's exception is thrown, whichever came first.</param>
    /// <param name="threads">Threads that work, at least 1.</param>
    /// <param name="bytes">Bytes that a piece holds.</param>
    /// <param name="budget">Bytes that are read ahead; one piece may exceed them.</param>
    /// <param name="cancellation">Stops it.</param>
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
                // Thrown as it is below.
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
