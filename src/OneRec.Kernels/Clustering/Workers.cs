using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;

namespace OneRec.Kernels.Clustering;

/// <summary>The same work on several threads at once; the work itself takes pieces until none is left.</summary>
/// <remarks>
/// Not the thread pool: k-means is thousands of pieces of work of a millisecond each, and a thread that was let sleep between
/// them may be woken after the piece is over. These stay awake for a moment (<see cref="WorkerThread"/>), as those of
/// OpenMP do.
/// </remarks>
internal static class Workers
{
    private static readonly ConcurrentStack<WorkerThread> Idle = new();

    /// <summary>Runs the work on that many threads and waits for all.</summary>
    /// <param name="count">Threads; 1 or less is this one.</param>
    /// <param name="work">Takes pieces by a shared counter; a thread that comes late may find none.</param>
    public static void Run(int count, Action work)
    {
        if (count <= 1)
        {
            work();
            return;
        }

        var shared = new SharedWork(work);
        var helpers = new WorkerThread[count - 1];
        for (int i = 0; i < helpers.Length; i++)
        {
            helpers[i] = Idle.TryPop(out WorkerThread? idle) ? idle : WorkerThread.Start();
            helpers[i].Give(shared);
        }

        shared.Run();
        foreach (WorkerThread helper in helpers)
        {
            helper.Finish(shared);
            Idle.Push(helper);
        }

        shared.Failure?.Throw();
    }

    /// <summary>Work that several threads run, and the first failure among them.</summary>
    internal sealed class SharedWork(Action work)
    {
        private ExceptionDispatchInfo? _failure;

        /// <summary>The first failure.</summary>
        public ExceptionDispatchInfo? Failure => Volatile.Read(ref _failure);

        /// <summary>Runs it; what it throws is kept.</summary>
        public void Run()
        {
#pragma warning disable CA1031 // Thrown on by the thread that gave the work.
            try
            {
                work();
            }
            catch (Exception e)
            {
                Interlocked.CompareExchange(ref _failure, ExceptionDispatchInfo.Capture(e), null);
            }
#pragma warning restore CA1031
        }
    }
}
