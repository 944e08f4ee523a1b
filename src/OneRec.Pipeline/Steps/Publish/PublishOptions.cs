using OneRec.Core;
using OneRec.Pipeline.Configuration;

namespace OneRec.Pipeline.Steps.Publish;

/// <summary>Section <c>publish</c>: when a new codebook is published.</summary>
public sealed record PublishOptions : IOptionSection
{
    /// <summary>Whether <c>run</c> publishes a new codebook automatically.</summary>
    /// <value>
    /// Default false: <c>run</c> publishes only the first codebook; later ones are published with <c>onerec
    /// publish</c>.
    /// </value>
    public bool Auto { get; init; }

    /// <inheritdoc/>
    public void Validate(Problems problems) => ArgumentNullException.ThrowIfNull(problems);
}
