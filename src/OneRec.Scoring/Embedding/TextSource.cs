using OneRec.Scoring.Text;
using OneRec.Scoring.Vectors;

namespace OneRec.Scoring.Embedding;

/// <summary>A text block with its model.</summary>
internal sealed class TextSource(TextBlock block, TextEncoder encoder) : BlockSource(block.Weight)
{
    private const int RowsAlone = 16;

    public override int Dimensions => encoder.Dimensions;

    public override string Description { get; } = $"text in {string.Join(", ", block.Fields.Select(f => f.Name))}";

    public override string? Placement => encoder.Placement;

    public override int? MaxRows => encoder.Batching == Batching.Alone ? RowsAlone : null;

    public override void Read(EmbedBatch input, int start, BlockRows rows)
    {
        var texts = new List<int[]>(rows.Count);
        var places = new List<int>(rows.Count);
        var parts = new TextPart[block.Fields.Count];
        for (int i = 0; i < rows.Count; i++)
        {
            for (int f = 0; f < parts.Length; f++)
            {
                parts[f] = new TextPart(input.Field(block.Fields[f].Name, start + i), block.Fields[f].Budget);
            }

            int[] ids = encoder.Tokenizer.Encode(parts, block.Separator);
            if (ids.Length == 0)
            {
                rows.SetMissing(i);
            }
            else
            {
                texts.Add(ids);
                places.Add(i);
            }
        }

        try
        {
            encoder.Encode(texts, row => rows.Vector(places[row]));
        }
        catch (RowFailure failure)
        {
            throw new RowFailure(places[failure.Row], failure.Cause);
        }
    }
}
