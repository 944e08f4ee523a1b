namespace OneRec.Pipeline.Running;

/// <summary>Tells nobody.</summary>
public sealed class QuietObserver : IRunObserver
{
    /// <inheritdoc/>
    public void Started(string step)
    {
    }

    /// <inheritdoc/>
    public void Told(string step, string line)
    {
    }

    /// <inheritdoc/>
    public void Progressed(string step, string phase, long done, long total, string unit)
    {
    }

    /// <inheritdoc/>
    public void Finished(StepSummary summary)
    {
    }
}
