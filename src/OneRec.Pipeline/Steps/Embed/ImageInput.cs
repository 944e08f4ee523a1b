using System.Text.Json.Nodes;
using OneRec.Core;

namespace OneRec.Pipeline.Steps.Embed;

/// <summary>Block <c>image</c>: an item's cover and frames, from <c>input.images</c>, through an image encoder.</summary>
public sealed record ImageInput : ModelInput
{
    /// <summary>Most images of an item, the first by position: 1 is the cover alone.</summary>
    /// <value>1 to 1,000. Default 6: the cover and five frames.</value>
    public int Images { get; init; } = 6;

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
        problems.Require(Images is >= 1 and <= 1000, $"{key}.images", "must be 1 to 1000", Images);
    }
}
