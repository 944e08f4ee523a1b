using OneRec.Core;

namespace OneRec.Pipeline.Inputs;

/// <summary>Section <c>input</c>: where interactions, catalogue and vectors are.</summary>
public sealed record InputOptions
{
    /// <summary>Adds a line per bad key; never throws.</summary>
    public void Validate(Problems problems) => ArgumentNullException.ThrowIfNull(problems);
}
