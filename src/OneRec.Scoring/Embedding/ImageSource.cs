using System.Runtime.InteropServices;
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
        var call = new ImageCall(encoder, rows.Count);
        for (int i = 0; i < rows.Count; i++)
        {
            AddImages(input.Images!, start + i, i, rows, call);
        }

        call.Run();
        for (int i = 0; i < rows.Count; i++)
        {
            if (call.Vectors(i).Count > 0)
            {
                VectorMean.Of(CollectionsMarshal.AsSpan(call.Vectors(i)), Dimensions, rows.Vector(i));
            }
        }
    }

    private void AddImages(ImageColumn images, int row, int place, BlockRows rows, ImageCall call)
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

            call.Add(place, pixels!);
            pixels!.Return();
        }
    }
}
