using OneRec.Core;

namespace OneRec.Pipeline.Steps.Assign;

/// <summary>Section <c>assign</c>: how items get their codes.</summary>
public sealed record AssignOptions
{
    /// <summary>Adds a line per bad key; never throws.</summary>
    public void Validate(Problems problems) => ArgumentNullException.ThrowIfNull(problems);
}
