using OneRec.Alignment.Native;
using OneRec.Alignment.Tokens;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace OneRec.Alignment.Networks;

/// <summary>
/// A linear map of the pooled embedding, the identity at the start: what a QFormer has to beat. Each block's vectors are
/// averaged, scaled to length 1, weighted and concatenated, as <c>embed</c> does with <c>embed.model=pool</c>.
/// </summary>
internal sealed class LinearMap : ItemEncoder
{
    /// <summary>Starts with the identity.</summary>
    public LinearMap(IReadOnlyList<TokenBlockShape> blocks, bool normalize)
    {
        Blocks = blocks;
        Normalize = normalize;
        Dimensions = blocks.Sum(b => b.Dimensions);
        Parameters = new ParameterSet(0);
        using Tensor identity = eye(Dimensions);
        Map = Parameters.Add("map", identity);
    }

    /// <summary>The blocks of token vectors.</summary>
    public IReadOnlyList<TokenBlockShape> Blocks { get; }

    /// <summary>Whether embeddings have length 1.</summary>
    public bool Normalize { get; }

    /// <summary>[dimensions, dimensions].</summary>
    public Parameter Map { get; }

    /// <inheritdoc/>
    public override ParameterSet Parameters { get; }

    /// <inheritdoc/>
    public override int Dimensions { get; }

    /// <inheritdoc/>
    public override ItemVectors Encode(TokenBatch tokens, RandomZeros? dropout)
    {
        Tensor[] means =
        [
            .. tokens.Blocks.Select((block, b) =>
            {
                Tensor mask = (dropout?.OfTokens(block.Mask) ?? block.Mask).unsqueeze(-1);
                Tensor mean = (block.Vectors * mask).sum(1) / mask.sum(1).clamp_min(Scalars.Of(1));
                return Normalized(mean).mul(Scalars.Of(Blocks[b].Weight));
            }),
        ];
        Tensor pooled = means.Length == 1 ? means[0] : cat(means, 1);
        Tensor mapped = nn.functional.linear(pooled, Map);
        Tensor embedding = Normalize ? Normalized(mapped) : mapped;
        return new ItemVectors(embedding.unsqueeze(1), embedding);
    }
}
