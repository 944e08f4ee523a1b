using OneRec.Core;
using OneRec.Pipeline.Configuration;

namespace OneRec.Pipeline.Steps.Publish;

/// <summary>Section <c>publish</c>: when a codebook becomes the one that readers use.</summary>
public sealed record PublishOptions : IOptionSection
{
    /// <summary>Whether <c>run</c> publishes a new codebook by itself.</summary>
    /// <value>Default false: it publishes only where nothing is published yet; else ask with <c>onerec publish</c>.</value>
    public bool Auto { get; init; }

    /// <inheritdoc/>
    public void Validate(Problems problems) => ArgumentNullException.ThrowIfNull(problems);
}
