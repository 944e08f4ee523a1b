using OneRec.Core;
using OneRec.Pipeline.Configuration;
using OneRec.Scoring.Models;

namespace OneRec.Pipeline.Steps.Embed;

/// <summary>A block whose vectors come from an encoder of a kind.</summary>
public abstract record ModelInput : EmbedInput
{
    private protected ModelInput()
    {
    }

    /// <summary>The model folder: an ONNX file of the kind that the block names, and what it needs.</summary>
    [ConfigPath]
    public required string Encoder { get; init; }

    /// <summary>The model's manifest where it does not lie in the folder.</summary>
    /// <value>Default null: <c>manifest.json</c> in the folder.</value>
    [ConfigPath]
    public string? Manifest { get; init; }

    /// <inheritdoc/>
    internal sealed override ModelFolder OpenModel() => ModelFolder.Open(Encoder, Manifest);

    /// <inheritdoc/>
    internal override void Validate(string key, Problems problems)
    {
        base.Validate(key, problems);
        problems.Require(!string.IsNullOrWhiteSpace(Encoder), $"{key}.encoder", "must name a model folder", Encoder);
    }
}
