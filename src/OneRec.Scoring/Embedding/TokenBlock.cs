namespace OneRec.Scoring.Embedding;

/// <summary>Given token vectors: the input column <c>tokens</c>, a list of vectors an item.</summary>
public sealed record TokenBlock : EmbedBlock
{
    /// <summary>Floats a vector, at least 1; a row of another length is a problem of that row.</summary>
    public required int Dimensions { get; init; }
}
