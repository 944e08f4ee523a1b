using OneRec.Core;

namespace OneRec.Pipeline.Steps.Embed;

/// <summary>Section <c>embed</c>: how items become vectors.</summary>
public sealed record EmbedOptions
{
    /// <summary>Adds a line per bad key; never throws.</summary>
    public void Validate(Problems problems) => ArgumentNullException.ThrowIfNull(problems);
}
