using OneRec.Pipeline.Running;

namespace OneRec.Cli.Progress;

/// <summary>Shows on standard error how a run goes on.</summary>
internal interface IProgressDisplay
{
    /// <summary>Does work and shows what it reports.</summary>
    T Watch<T>(Func<IRunObserver, T> work);
}
