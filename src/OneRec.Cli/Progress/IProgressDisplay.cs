using OneRec.Pipeline.Running;

namespace OneRec.Cli.Progress;

/// <summary>Shows the progress of a run on standard error.</summary>
internal interface IProgressDisplay
{
    /// <summary>Runs work and shows the progress it reports.</summary>
    T Watch<T>(Func<IRunObserver, T> work);
}
