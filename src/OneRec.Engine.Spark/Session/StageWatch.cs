using OneRec.Core;
using OneRec.Engine.Spark.Jvm;
using OneRec.Kernels.Batches;

namespace OneRec.Engine.Spark.Session;

/// <summary>Reports the progress of long stages from Spark's <c>statusTracker</c> while the engine waits for rows.</summary>
/// <remarks>There is one thread per engine, because each .NET thread that calls the JVM keeps a connection to it.</remarks>
internal sealed class StageWatch : IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);

    private readonly JvmObject _context;
    private readonly Lock _gate = new();
    private readonly ManualResetEventSlim _ended = new();
    private readonly Thread _thread;
    private Action<KernelProgress>? _progress;

    /// <summary>Creates a watch; it is idle until <see cref="During"/>.</summary>
    /// <param name="context">A <c>JavaSparkContext</c>.</param>
    public StageWatch(JvmObject context)
    {
        _context = context;
        _thread = new Thread(Watch) { IsBackground = true, Name = "stages" };
        _thread.Start();
    }

    /// <summary>Waits for rows and reports progress.</summary>
    /// <param name="progress">Receives the tasks of a stage on the thread of this watch, never after this method returns; may be null.</param>
    /// <param name="wait">The call that waits for the rows.</param>
    public T During<T>(Action<KernelProgress>? progress, Func<T> wait)
    {
        Tell(progress);
        try
        {
            return wait();
        }
        finally
        {
            Tell(null);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _ended.Set();
        _thread.Join();
        _ended.Dispose();
    }

    private void Tell(Action<KernelProgress>? progress)
    {
        lock (_gate)
        {
            _progress = progress;
        }
    }

    private void Watch()
    {
        int? last = null;
        while (!_ended.Wait(Interval))
        {
            lock (_gate)
            {
                last = _progress is null ? null : Look(last, _progress);
            }
        }
    }

    /// <summary>Reports the newest stage if it was also the newest one before; a stage shorter than the interval is not reported.</summary>
    private int? Look(int? last, Action<KernelProgress> progress)
    {
        try
        {
            using JvmObject tracker = _context.Get("statusTracker");
            int? stage = Newest(tracker);
            if (stage is not null && stage == last && tracker.Call("getStageInfo", stage) is JvmObject info)
            {
                using (info)
                {
                    progress(new KernelProgress((int)info.Call("numCompletedTasks")!, (int)info.Call("numTasks")!, "tasks"));
                }
            }

            return stage;
        }
        catch (Exception e) when (e is JvmException or OneRecException)
        {
            // The call that waits for the rows fails too, and reports it.
            return null;
        }
    }

    private static int? Newest(JvmObject tracker)
    {
        using JvmObject active = tracker.Get("getActiveStageIds");
        int n = active.Jvm.ArrayLength(active);
        return n == 0 ? null : (int)active.Jvm.ArrayItem(active, n - 1)!;
    }
}
