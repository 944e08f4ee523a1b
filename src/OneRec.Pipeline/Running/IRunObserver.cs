namespace OneRec.Pipeline.Running;

/// <summary>Told of a run's progress as it happens; the command turns it into lines or bars on standard error.</summary>
public interface IRunObserver
{
    /// <summary>A step begins.</summary>
    void Started(string step);

    /// <summary>A step tells something worth a line: a count, a guard's estimate, what was dropped and why.</summary>
    void Told(string step, string line);

    /// <summary>How far a step is; called often, cheap.</summary>
    /// <param name="step">The step.</param>
    /// <param name="phase">What it is doing, such as <c>level 2 of 3</c>.</param>
    /// <param name="done">Units done.</param>
    /// <param name="total">Units in all, 0 where unknown.</param>
    /// <param name="unit">What is counted.</param>
    void Progressed(string step, string phase, long done, long total, string unit);

    /// <summary>A step ended: done, or skipped because it was up to date.</summary>
    void Finished(StepSummary summary);
}

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
