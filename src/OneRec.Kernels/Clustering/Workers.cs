using System.Runtime.ExceptionServices;

namespace OneRec.Kernels.Clustering;

/// <summary>The same work on several threads at once; the work itself takes pieces until none is left.</summary>
internal static class Workers
{
    /// <summary>Runs the work on that many threads and waits for all.</summary>
    /// <param name="count">Threads; 1 or less is this one.</param>
    /// <param name="work">Takes pieces by a shared counter.</param>
    public static void Run(int count, Action work)
    {
        if (count <= 1)
        {
            work();
            return;
        }

        try
        {
            Parallel.For(0, count, new ParallelOptions { MaxDegreeOfParallelism = count }, _ => work());
        }
        catch (AggregateException several)
        {
            ExceptionDispatchInfo.Throw(several.InnerExceptions[0]);
        }
    }
}
