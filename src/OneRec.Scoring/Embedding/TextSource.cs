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
        (List<int[]> texts, List<int> places) = Tokenize(input, start, rows.Count);
        foreach (int missing in Enumerable.Range(0, rows.Count).Except(places))
        {
            rows.SetMissing(missing);
        }

        RowFailure.Renumber(places, () => encoder.Encode(texts, row => rows.Vector(places[row])));
    }

    public override void ReadTokens(EmbedBatch input, int start, TokenRows rows)
    {
        (List<int[]> texts, List<int> places) = Tokenize(input, start, rows.Count);
        RowFailure.Renumber(places, () => encoder.EncodeTokens(texts, (row, vectors) => rows.Add(places[row], vectors)));
    }

    // A row whose text has no token is left out.
    private (List<int[]> Texts, List<int> Places) Tokenize(EmbedBatch input, int start, int rows)
    {
        var texts = new List<int[]>(rows);
        var places = new List<int>(rows);
        var parts = new TextPart[block.Fields.Count];
        for (int i = 0; i < rows; i++)
        {
            for (int f = 0; f < parts.Length; f++)
            {
                parts[f] = new TextPart(input.Field(block.Fields[f].Name, start + i), block.Fields[f].Budget);
            }

            int[] ids = encoder.Tokenizer.Encode(parts, block.Separator);
            if (ids.Length > 0)
            {
                texts.Add(ids);
                places.Add(i);
            }
        }

        return (texts, places);
    }
}
