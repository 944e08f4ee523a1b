using OneRec.Scoring.Text;

namespace OneRec.Scoring.Embedding;

/// <summary>A text block with its model.</summary>
internal sealed class TextSource(TextBlock block, TextEncoder encoder) : BlockSource(block.Weight)
{
    public override int Dimensions => encoder.Dimensions;

    public override string What { get; } = $"text in {string.Join(", ", block.Fields.Select(f => f.Name))}";

    public override bool TryRead(EmbedBatch input, int row, Span<float> mean, out string? problem)
    {
        problem = null;
        var parts = new TextPart[block.Fields.Count];
        for (int i = 0; i < parts.Length; i++)
        {
            parts[i] = new TextPart(input.Field(block.Fields[i].Name, row), block.Fields[i].Budget);
        }

        int[] ids = encoder.Tokenizer.Encode(parts, block.Separator);
        if (ids.Length == 0)
        {
            return false;
        }

        encoder.Encode(ids, mean);
        return true;
    }
}
