using OneRec.Core;

namespace OneRec.Pipeline.Steps.Evaluate;

/// <summary>Section <c>evaluate</c>: how IDs are measured.</summary>
public sealed record EvaluateOptions
{
    /// <summary>Adds a line per bad key; never throws.</summary>
    public void Validate(Problems problems) => ArgumentNullException.ThrowIfNull(problems);
}
