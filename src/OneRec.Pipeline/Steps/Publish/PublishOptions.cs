using OneRec.Core;

namespace OneRec.Pipeline.Steps.Publish;

/// <summary>Section <c>publish</c>: when a codebook becomes the one that readers use.</summary>
public sealed record PublishOptions
{
    /// <summary>Adds a line per bad key; never throws.</summary>
    public void Validate(Problems problems) => ArgumentNullException.ThrowIfNull(problems);
}
