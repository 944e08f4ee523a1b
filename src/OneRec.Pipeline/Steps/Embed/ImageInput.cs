using System.Text.Json.Nodes;
using OneRec.Core;
using OneRec.Pipeline.Configuration;
using OneRec.Scoring.Models;

namespace OneRec.Pipeline.Steps.Embed;

/// <summary>Block <c>image</c>: an item's cover and frames, from <c>input.images</c>, through an image encoder.</summary>
public sealed record ImageInput : EmbedInput
{
    /// <summary>The model folder: an ONNX file of kind <c>image</c>.</summary>
    [ConfigPath]
    public required string Encoder { get; init; }

    /// <summary>The model's manifest where it does not lie in the folder.</summary>
    /// <value>Default null: <c>manifest.json</c> in the folder.</value>
    [ConfigPath]
    public string? Manifest { get; init; }

    /// <summary>Most images of an item, the first by position: 1 is the cover alone.</summary>
    /// <value>1 to 1,000. Default 6: the cover and five frames.</value>
    public int Images { get; init; } = 6;

    /// <inheritdoc/>
    internal override ModelFolder OpenModel() => ModelFolder.Open(Encoder, Manifest);

    /// <inheritdoc/>
    internal override string Title => "images";

    /// <inheritdoc/>
    internal override JsonObject Identity() => new()
    {
        ["block"] = "image",
        ["images"] = Images,
        ["weight"] = Weight,
        ["model"] = OpenModel().Identity(),
    };

    /// <inheritdoc/>
    internal override void Validate(string key, Problems problems)
    {
        base.Validate(key, problems);
        problems.Require(!string.IsNullOrWhiteSpace(Encoder), $"{key}.encoder", "must name a model folder", Encoder);
        problems.Require(Images is >= 1 and <= 1000, $"{key}.images", "must be 1 to 1000", Images);
    }
}
