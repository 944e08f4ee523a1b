namespace OneRec.Pipeline.Running;

/// <summary>
/// A step that reads the user's files. They are looked at before the first step of a whole job that has work begins, so
/// that a wrong path or column ends the run before it writes a table.
/// </summary>
public interface IInputStep : IStep
{
    /// <summary>Looks at files, headers and first rows; commits nothing.</summary>
    /// <exception cref="Core.OneRecException">What the step would end with: a file, a column or a model is missing.</exception>
    void RequireInputs(StepContext context);
}
