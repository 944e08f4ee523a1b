using OneRec.Scoring.Vectors;

namespace OneRec.Scoring.Embedding;

/// <summary>A block of given token vectors.</summary>
internal sealed class TokenSource(TokenBlock block) : BlockSource(block.Weight)
{
    public override int Dimensions => block.Dimensions;

    public override string Description => "token vectors";

    public override void Read(EmbedBatch input, int start, BlockRows rows)
    {
        var sum = new VectorSum(Dimensions);
        for (int i = 0; i < rows.Count; i++)
        {
            if (input.Tokens!.TryMean(start + i, sum, rows.Vector(i), out int count) is { } problem)
            {
                rows.SetProblem(i, problem);
            }
            else if (count == 0)
            {
                rows.SetMissing(i);
            }
        }
    }

    public override void ReadTokens(EmbedBatch input, int start, TokenRows rows)
    {
        for (int i = 0; i < rows.Count; i++)
        {
            if (input.Tokens!.TryRead(start + i, Dimensions, rows.Sink(i), out _) is { } problem)
            {
                rows.SetProblem(i, problem);
            }
        }
    }
}
