namespace OneRec.Pipeline.Running;

/// <summary>One step of the job: says what its rows depend on, then makes them.</summary>
/// <remarks>A step is stateless; everything it needs is in the context. It commits its main table last.</remarks>
public interface IStep
{
    /// <summary>Its name on the command line and in the tables.</summary>
    string Name { get; }

    /// <summary>What its rows depend on. Reads versions and small files, never rows of tables.</summary>
    StepPlan Plan(StepContext context);

    /// <summary>Makes the rows and commits them with <see cref="StepContext.Note"/>.</summary>
    /// <exception cref="Core.OneRecException">What the user must know.</exception>
    /// <exception cref="OperationCanceledException">Ctrl-C; tables stay at their last commit.</exception>
    StepOutcome Run(StepContext context, StepPlan plan);
}
