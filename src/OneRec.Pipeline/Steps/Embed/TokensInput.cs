using System.Text.Json.Nodes;
using OneRec.Core;

namespace OneRec.Pipeline.Steps.Embed;

/// <summary>Block <c>tokens</c>: the mean of an item's given vectors, from <c>input.tokens</c>.</summary>
public sealed record TokensInput : EmbedInput
{
    /// <summary>Floats a vector; an item with vectors of another length is an error.</summary>
    /// <value>1 to 65,536. Default null: that of the table's embeddings, else of the first item that has any.</value>
    public int? Dimensions { get; init; }

    /// <inheritdoc/>
    internal override string Title => "token vectors";

    /// <inheritdoc/>
    internal override JsonObject Identity() => new() { ["block"] = "tokens", ["weight"] = Weight };

    /// <inheritdoc/>
    internal override void Validate(string key, Problems problems)
    {
        base.Validate(key, problems);
        problems.Require(
            Dimensions is null or (>= 1 and <= 65_536), $"{key}.dimensions", "must be 1 to 65536", Dimensions);
    }
}
