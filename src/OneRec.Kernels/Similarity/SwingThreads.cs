using System.Runtime.ExceptionServices;

namespace OneRec.Kernels.Similarity;

/// <summary>Runs one piece of work for each thread number, at once.</summary>
/// <param name="count">Threads, at least 1.</param>
internal sealed class SwingThreads(int count)
{
    /// <summary>Number of threads.</summary>
    public int Count { get; } = count;

    /// <summary>Calls the work with 0 to <see cref="Count"/> - 1; an exception of it comes out as it was thrown.</summary>
    public void Run(Action<int> work)
    {
        if (Count == 1)
        {
            work(0);
            return;
        }

        try
        {
            Parallel.For(0, Count, new ParallelOptions { MaxDegreeOfParallelism = Count }, work);
        }
        catch (AggregateException e)
        {
            ExceptionDispatchInfo.Throw(e.InnerExceptions[0]);
        }
    }
}
