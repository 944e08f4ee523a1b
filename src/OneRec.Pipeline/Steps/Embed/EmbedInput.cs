using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using OneRec.Core;
using OneRec.Scoring.Models;

namespace OneRec.Pipeline.Steps.Embed;

/// <summary>One element of <c>embed.inputs</c>: a block of the embedding, of the kind that <c>block</c> names.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "block", UnknownDerivedTypeHandling = JsonUnknownDerivedTypeHandling.FailSerialization)]
[JsonDerivedType(typeof(TextInput), "text")]
[JsonDerivedType(typeof(ImageInput), "image")]
[JsonDerivedType(typeof(TokensInput), "tokens")]
public abstract record EmbedInput
{
    private protected EmbedInput()
    {
    }

    /// <summary>What the block's vector is multiplied by where blocks are laid side by side.</summary>
    /// <value>Above 0, at most 1,000. Default 1.</value>
    public double Weight { get; init; } = 1;

    /// <summary>What the block is made of, in a word for people, such as <c>text</c>.</summary>
    internal abstract string Title { get; }

    /// <summary>The model that the block's vectors come from; null where they are given.</summary>
    /// <exception cref="OneRecException">No folder there, or a manifest that does not hold.</exception>
    internal virtual ModelFolder? OpenModel() => null;

    /// <summary>What of the block changes rows, wherever its files lie: a part of the model's id.</summary>
    internal abstract JsonObject Identity();

    /// <summary>Adds a line per bad key.</summary>
    /// <param name="key">The element as the user writes it: <c>embed.inputs[0]</c>.</param>
    /// <param name="problems">Gets the lines.</param>
    internal virtual void Validate(string key, Problems problems) =>
        problems.Require(Weight is > 0 and <= 1000, $"{key}.weight", "must be above 0 and at most 1000", Weight);
}
