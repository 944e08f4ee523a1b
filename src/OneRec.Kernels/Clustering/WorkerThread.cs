using System.Diagnostics;

namespace OneRec.Kernels.Clustering;

/// <summary>A thread that runs work given to it, one at a time, and looks for more for two milliseconds before it sleeps.</summary>
internal sealed class WorkerThread
{
    private static readonly long AwakeTicks = Stopwatch.Frequency / 500;

    private readonly object _bed = new();
    private Workers.SharedWork? _next;
    private Workers.SharedWork? _now;
    private bool _isAsleep;

    /// <summary>Starts it.</summary>
    /// <returns>The thread; it ends with the process.</returns>
    public static WorkerThread Start()
    {
        var worker = new WorkerThread();
        new Thread(worker.Serve) { IsBackground = true, Name = "k-means" }.Start();
        return worker;
    }

    /// <summary>Gives it work; it has none.</summary>
    public void Give(Workers.SharedWork work)
    {
        Volatile.Write(ref _next, work);

        // Either the sleeper sees the work, or this sees that it sleeps.
        Interlocked.MemoryBarrier();
        if (Volatile.Read(ref _isAsleep))
        {
            lock (_bed)
            {
                Monitor.Pulse(_bed);
            }
        }
    }

    /// <summary>Waits until it is done with work, or takes back what it did not begin.</summary>
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

            // "Now" before it is no longer "next": else who finishes could see neither, and go.
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
