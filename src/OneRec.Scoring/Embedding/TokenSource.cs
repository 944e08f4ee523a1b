namespace OneRec.Scoring.Embedding;

/// <summary>A block of given token vectors.</summary>
internal sealed class TokenSource(TokenBlock block) : BlockSource(block.Weight)
{
    public override int Dimensions => block.Dimensions;

    public override string What => "token vectors";

    public override void Read(EmbedBatch input, int start, BlockRows rows)
    {
        for (int i = 0; i < rows.Count; i++)
        {
            string? problem = input.Tokens!.TryRow(start + i, Dimensions, out ReadOnlySpan<float> vectors);
            if (problem is not null)
            {
                rows.SetProblem(i, problem);
            }
            else if (vectors.IsEmpty)
            {
                rows.SetMissing(i);
            }
            else
            {
                VectorMean.Of(vectors, Dimensions, rows.Vector(i));
            }
        }
    }
}
