using System.Text.Json.Serialization;

namespace OneRec.Scoring.Embedding;

/// <summary>One block of an item's embedding: a source of vectors whose mean is a stretch of the embedding.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "block", UnknownDerivedTypeHandling = JsonUnknownDerivedTypeHandling.FailSerialization)]
[JsonDerivedType(typeof(TextBlock), "text")]
[JsonDerivedType(typeof(TokenBlock), "tokens")]
[JsonDerivedType(typeof(ImageBlock), "image")]
public abstract record EmbedBlock
{
    private protected EmbedBlock()
    {
    }

    /// <summary>What the block's vector is multiplied by.</summary>
    public double Weight { get; init; } = 1;
}
