namespace OneRec.Scoring.Embedding;

/// <summary>A block of given token vectors.</summary>
internal sealed class TokenSource(TokenBlock block) : BlockSource(block.Weight)
{
    public override int Dimensions => block.Dimensions;

    public override string What => "token vectors";

    public override bool TryRead(EmbedBatch input, int row, Span<float> mean, out string? problem)
    {
        problem = input.Tokens!.TryMean(row, mean, out int count);
        return count > 0;
    }
}
