using OneRec.Core;

namespace OneRec.Pipeline.Steps.Pairs;

/// <summary>Section <c>pairs</c>: how item pairs are made.</summary>
public sealed record PairsOptions
{
    /// <summary>Adds a line per bad key; never throws.</summary>
    public void Validate(Problems problems) => ArgumentNullException.ThrowIfNull(problems);
}
