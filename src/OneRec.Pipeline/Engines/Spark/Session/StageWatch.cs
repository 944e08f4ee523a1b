using OneRec.Core;
using OneRec.Kernels.Batches;
using OneRec.Pipeline.Engines.Spark.Jvm;

namespace OneRec.Pipeline.Engines.Spark.Session;

/// <summary>Tells how far a stage that takes long has come, by Spark's <c>statusTracker</c>, while rows are waited for.</summary>
internal sealed class StageWatch : IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);

    private readonly JvmObject _tracker;
    private readonly Action<KernelProgress> _progress;
    private readonly ManualResetEventSlim _ended = new();
    private readonly Thread _thread;

    /// <summary>Watches until disposed.</summary>
    /// <param name="context">A <c>JavaSparkContext</c>.</param>
    /// <param name="progress">Told of tasks of a stage; from a thread of this watch.</param>
    public StageWatch(JvmObject context, Action<KernelProgress> progress)
    {
        _tracker = context.Get("statusTracker");
        _progress = progress;
        _thread = new Thread(Watch) { IsBackground = true, Name = "stages" };
        _thread.Start();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _ended.Set();
        _thread.Join();
        _ended.Dispose();
    }

    private void Watch()
    {
        int? last = null;
        while (!_ended.Wait(Interval))
        {
            try
            {
                // The one seen before: a stage that is over within the interval is not worth a line.
                int? stage = Newest();
                if (stage is not null && stage == last)
                {
                    using var info = _tracker.Call("getStageInfo", stage) as JvmObject;
                    if (info is not null)
                    {
                        _progress(new KernelProgress((int)info.Call("numCompletedTasks")!, (int)info.Call("numTasks")!, "tasks"));
                    }
                }

                last = stage;
            }
            catch (Exception e) when (e is JvmException or OneRecException)
            {
                // Whoever waits for the rows hears of it.
                return;
            }
        }
    }

    private int? Newest()
    {
        using JvmObject active = _tracker.Get("getActiveStageIds");
        int n = active.Jvm.ArrayLength(active);
        return n == 0 ? null : (int)active.Jvm.ArrayItem(active, n - 1)!;
    }
}
