namespace OneRec.Scoring.Embedding;

/// <summary>
/// Given token vectors: an input column that is a list of vectors an item; or the bytes of [n_tokens, dim] of float16, with
/// these two numbers in columns of their own.
/// </summary>
public sealed record TokenBlock : EmbedBlock
{
    /// <summary>The input column.</summary>
    public string Column { get; init; } = "tokens";

    /// <summary>Floats a vector, at least 1; a row of another length is a problem of that row.</summary>
    public required int Dimensions { get; init; }
}
