using OneRec.Scoring.Images;

namespace OneRec.Scoring.Embedding;

/// <summary>An image block with its model: the mean of an item's images' vectors, each the mean of its patches.</summary>
internal sealed class ImageSource(ImageBlock block, ImageEncoder encoder) : BlockSource(block.Weight)
{
    private const int Rows = 16;

    public override int Dimensions => encoder.Dimensions;

    public override string What => "images";

    public override string? Placement => encoder.Placement;

    public override int? MostRows => Rows;

    public override void Read(EmbedBatch input, int start, BlockRows rows)
    {
        var waiting = new List<(int Row, float[] Pixels)>();
        var spare = new Stack<float[]>();
        var sums = new List<float>[rows.Count];
        for (int i = 0; i < rows.Count; i++)
        {
            sums[i] = [];
            Prepare(input.Images!, start + i, i, rows, waiting, spare);

            // Prepared images are large: no more of them are held than a call takes.
            if (waiting.Count >= encoder.MostImages)
            {
                Encode(waiting, sums, spare);
            }
        }

        Encode(waiting, sums, spare);
        for (int i = 0; i < rows.Count; i++)
        {
            if (sums[i].Count > 0)
            {
                VectorMean.Of(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(sums[i]), Dimensions, rows.Vector(i));
            }
        }
    }

    private void Prepare(
        ImageColumn images, int row, int place, BlockRows rows, List<(int Row, float[] Pixels)> waiting, Stack<float[]> spare)
    {
        int count = images.Count(row);
        if (count == 0)
        {
            rows.SetMissing(place);
        }

        for (int image = 0; image < Math.Min(count, block.Most); image++)
        {
            PixelImage? pixels = null;
            string? problem = images.TryRead(row, image, out ReadOnlySpan<byte> bytes) ?? PixelImage.TryDecode(bytes, out pixels);
            if (problem is not null)
            {
                rows.SetProblem(place, $"image {image + 1} of {count} {problem}");
                return;
            }

            float[] prepared = spare.TryPop(out float[]? used) ? used : new float[encoder.Floats];
            encoder.Preparation.Prepare(pixels!, prepared);
            pixels!.Return();
            waiting.Add((place, prepared));
        }
    }

    private void Encode(List<(int Row, float[] Pixels)> waiting, List<float>[] vectors, Stack<float[]> spare)
    {
        if (waiting.Count == 0)
        {
            return;
        }

        var encoded = new float[waiting.Count * Dimensions];
        try
        {
            encoder.Encode([.. waiting.Select(w => w.Pixels)], row => encoded.AsSpan(row * Dimensions, Dimensions));
        }
        catch (RowFailure failure)
        {
            throw new RowFailure(waiting[failure.Row].Row, failure.Cause);
        }

        for (int i = 0; i < waiting.Count; i++)
        {
            vectors[waiting[i].Row].AddRange(encoded.AsSpan(i * Dimensions, Dimensions));
            spare.Push(waiting[i].Pixels);
        }

        waiting.Clear();
    }
}
