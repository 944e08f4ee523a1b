namespace OneRec.Pipeline.Running;

/// <summary>Receives the progress of a run; the command shows it as lines or bars on standard error.</summary>
public interface IRunObserver
{
    /// <summary>A run starts.</summary>
    void Began(string runId)
    {
    }

    /// <summary>A step starts.</summary>
    void Started(string step);

    /// <summary>A step reports a line: a count, an estimate, or what was dropped and why.</summary>
    void Message(string step, string line);

    /// <summary>A step reports its progress; called often, so it must be cheap.</summary>
    /// <param name="step">The step.</param>
    /// <param name="phase">What the step is doing, such as <c>level 2 of 3</c>.</param>
    /// <param name="done">Units done.</param>
    /// <param name="total">Total units; 0 if unknown.</param>
    /// <param name="unit">Name of the unit.</param>
    void Progressed(string step, string phase, long done, long total, string unit);

    /// <summary>A step finished: done, or skipped because it was up to date.</summary>
    void Finished(StepSummary summary);
}

/// <summary>Ignores all progress.</summary>
public sealed class QuietObserver : IRunObserver
{
    /// <inheritdoc/>
    public void Started(string step)
    {
    }

    /// <inheritdoc/>
    public void Message(string step, string line)
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
