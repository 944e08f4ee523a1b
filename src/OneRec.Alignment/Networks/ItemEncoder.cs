using OneRec.Alignment.Native;
using OneRec.Alignment.Tokens;
using static TorchSharp.torch;

namespace OneRec.Alignment.Networks;

/// <summary>A network that turns an item's token vectors into its embedding.</summary>
internal abstract class ItemEncoder : IDisposable
{
    /// <summary>Its weights.</summary>
    public abstract ParameterSet Parameters { get; }

    /// <summary>Length of an embedding.</summary>
    public abstract int Dimensions { get; }

    /// <summary>Encodes items.</summary>
    /// <param name="tokens">Their token vectors.</param>
    /// <param name="dropout">Random zeros in training; null for none.</param>
    public abstract ItemVectors Encode(TokenBatch tokens, RandomZeros? dropout);

    /// <inheritdoc/>
    public void Dispose() => Parameters.Dispose();

    /// <summary>Scales rows to length 1; a zero row stays zero.</summary>
    protected static Tensor Normalized(Tensor rows) =>
        rows / (rows * rows).sum(-1, keepdim: true).sqrt().clamp_min(Scalars.Of(1e-12));
}

/// <summary>What an encoder makes of items.</summary>
/// <param name="Queries">What a caption is predicted from, [items, q, d].</param>
/// <param name="Embeddings">The embeddings as they are stored, [items, dimensions].</param>
internal readonly record struct ItemVectors(Tensor Queries, Tensor Embeddings);

/// <summary>The token vectors of a block, as an encoder sees them.</summary>
/// <param name="Dimensions">Length of a vector.</param>
/// <param name="Scale">
/// Factor that brings the root mean square of its values to 1: encoders differ by orders of magnitude. Not learned.
/// </param>
/// <param name="Weight">The block's weight where vectors are pooled.</param>
internal sealed record TokenBlockShape(int Dimensions, double Scale, double Weight);
