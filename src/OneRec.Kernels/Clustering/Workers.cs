using System.Collections.Concurrent;
using System.Diagnostics;
using System.Runtime.ExceptionServices;

namespace OneRec.Kernels.Clustering;

/// <summary>Runs the same work on several threads at once; the work takes pieces until none are left.</summary>
/// <remarks>
/// Not the thread pool: k-means consists of thousands of pieces of about a millisecond, and a pool thread that went to sleep
/// between two pieces may wake up after the next one is done. These threads spin for a moment before they sleep
/// (<see cref="WorkerThread"/>), as OpenMP threads do.
/// </remarks>
internal static class Workers
{
    private static readonly ConcurrentStack<WorkerThread> Idle = new();

    /// <summary>Runs the work on several threads and waits for all of them.</summary>
    /// <param name="count">Number of threads, including the calling one; 1 or less runs it on the calling thread only.</param>
    /// <param name="work">Takes pieces by a shared counter; a late thread may find none left.</param>
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

    /// <summary>Work that several threads run, with the first exception among them.</summary>
    internal sealed class SharedWork(Action work)
    {
        private ExceptionDispatchInfo? _failure;

        /// <summary>The first exception.</summary>
        public ExceptionDispatchInfo? Failure => Volatile.Read(ref _failure);

        /// <summary>Runs the work; an exception is stored.</summary>
        public void Run()
        {
#pragma warning disable CA1031 // Rethrown by the thread that started the work.
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

/// <summary>A thread that runs one piece of work at a time and spins for two milliseconds before it sleeps.</summary>
internal sealed class WorkerThread
{
    private static readonly long AwakeTicks = Stopwatch.Frequency / 500;

    private readonly object _bed = new();
    private Workers.SharedWork? _next;
    private Workers.SharedWork? _now;
    private bool _isAsleep;

    /// <summary>Starts a thread.</summary>
    /// <returns>The thread; it ends with the process.</returns>
    public static WorkerThread Start()
    {
        var worker = new WorkerThread();
        new Thread(worker.Serve) { IsBackground = true, Name = "k-means" }.Start();
        return worker;
    }

    /// <summary>Hands work to the thread, which must be idle.</summary>
    public void Give(Workers.SharedWork work)
    {
        Volatile.Write(ref _next, work);

        // Either the sleeping thread sees the work, or this thread sees that it sleeps.
        Interlocked.MemoryBarrier();
        if (Volatile.Read(ref _isAsleep))
        {
            lock (_bed)
            {
                Monitor.Pulse(_bed);
            }
        }
    }

    /// <summary>Waits until the thread has finished the work, or takes the work back if it has not started.</summary>
    public void Finish(Workers.SharedWork work)
    {
        if (Interlocked.CompareExchange(ref _next, null, work) == work)
        {
            return;
        }

        var wait = default(SpinWait);
        while (Volatile.Read(ref _now) is not null)
        {
            wait.SpinOnce(sleep1Threshold: -1);
        }
    }

    private void Serve()
    {
        while (true)
        {
            Await();

            // Set _now before clearing _next; otherwise Finish could see neither and return too early.
            Workers.SharedWork? work = Volatile.Read(ref _next);
            Interlocked.Exchange(ref _now, work);
            if (work is not null && Interlocked.CompareExchange(ref _next, null, work) == work)
            {
                work.Run();
            }

            Volatile.Write(ref _now, null);
        }
    }

    private void Await()
    {
        long start = Stopwatch.GetTimestamp();
        while (Volatile.Read(ref _next) is null)
        {
            if (Stopwatch.GetTimestamp() - start > AwakeTicks)
            {
                Sleep();
                return;
            }

            Thread.SpinWait(20);
        }
    }

    private void Sleep()
    {
        lock (_bed)
        {
            Volatile.Write(ref _isAsleep, true);
            Interlocked.MemoryBarrier();
            while (Volatile.Read(ref _next) is null)
            {
                Monitor.Wait(_bed);
            }

            Volatile.Write(ref _isAsleep, false);
        }
    }
}
