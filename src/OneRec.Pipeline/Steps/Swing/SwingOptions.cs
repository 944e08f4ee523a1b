using OneRec.Core;

namespace OneRec.Pipeline.Steps.Swing;

/// <summary>Section <c>swing</c>: item similarity by Swing.</summary>
public sealed record SwingOptions
{
    /// <summary>Adds a line per bad key; never throws.</summary>
    public void Validate(Problems problems) => ArgumentNullException.ThrowIfNull(problems);
}
