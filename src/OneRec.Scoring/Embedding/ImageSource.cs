using System.Runtime.InteropServices;
using OneRec.Scoring.Images;
using OneRec.Scoring.Vectors;

namespace OneRec.Scoring.Embedding;

/// <summary>An image block with its model: the mean of the vectors of an item's images, each the mean of its patches.</summary>
internal sealed class ImageSource(ImageBlock block, ImageEncoder encoder, MemoryShare memory) : BlockSource(block.Weight)
{
    private const int Rows = 16;

    public override int Dimensions => encoder.Dimensions;

    public override string Description => "images";

    public override string? Placement => encoder.Placement;

    public override int? MaxRows => Rows;

    public override void Read(EmbedBatch input, int start, BlockRows rows)
    {
        ImageCall call = Encode(input.Images!, start, rows.Count, rows.SetProblem);
        for (int i = 0; i < rows.Count; i++)
        {
            if (call.Vectors(i).Count > 0)
            {
                VectorMean.Of(CollectionsMarshal.AsSpan(call.Vectors(i)), Dimensions, rows.Vector(i));
            }
            else if (input.Images!.Count(start + i) == 0)
            {
                rows.SetMissing(i);
            }
        }
    }

    public override void ReadTokens(EmbedBatch input, int start, TokenRows rows)
    {
        ImageCall call = Encode(input.Images!, start, rows.Count, rows.SetProblem);
        for (int i = 0; i < rows.Count; i++)
        {
            CollectionsMarshal.AsSpan(call.Vectors(i)).CopyTo(rows.Add(i, call.Vectors(i).Count / Dimensions));
        }
    }

    private ImageCall Encode(ImageColumn images, int start, int rows, Action<int, string> onProblem)
    {
        var call = new ImageCall(encoder, rows);
        for (int i = 0; i < rows; i++)
        {
            AddImages(images, start + i, i, onProblem, call);
        }

        call.Run();
        return call;
    }

    private void AddImages(ImageColumn images, int row, int place, Action<int, string> onProblem, ImageCall call)
    {
        int count = images.Count(row);
        for (int image = 0; image < Math.Min(count, block.Most); image++)
        {
            PixelImage? pixels = null;
            string? problem = images.TryRead(row, image, out ReadOnlySpan<byte> bytes)
                ?? (PixelImage.TryDecode(bytes, memory, out pixels) is { } why ? images.Name(row, image) + why : null);
            if (problem is not null)
            {
                onProblem(place, $"image {image + 1} of {count} {problem}");
                return;
            }

            try
            {
                call.Add(place, pixels!);
            }
            finally
            {
                pixels!.Return();
            }
        }
    }
}

/// <summary>Collects prepared images until a call is full. They are large, so no more than one call is held.</summary>
/// <param name="encoder">The model.</param>
/// <param name="rows">Number of rows the images belong to.</param>
internal sealed class ImageCall(ImageEncoder encoder, int rows)
{
    private readonly List<float>[] _vectors = [.. Enumerable.Range(0, rows).Select(_ => new List<float>())];
    private readonly List<float[]> _pixels = [];
    private readonly List<int> _rows = [];

    /// <summary>The vectors of a row's images so far, concatenated.</summary>
    public List<float> Vectors(int row) => _vectors[row];

    /// <summary>Adds an image; runs the model when the call is full.</summary>
    /// <exception cref="RowFailure">The model failed for a row.</exception>
    public void Add(int row, PixelImage image)
    {
        if (_rows.Count == _pixels.Count)
        {
            _pixels.Add(new float[encoder.Floats]);
        }

        encoder.Preparation.Prepare(image, _pixels[_rows.Count]);
        _rows.Add(row);
        if (_rows.Count == encoder.MaxImages)
        {
            Run();
        }
    }

    /// <summary>Runs the model on the collected images.</summary>
    /// <exception cref="RowFailure">The model failed for a row.</exception>
    public void Run()
    {
        int d = encoder.Dimensions;
        var encoded = new float[_rows.Count * d];
        RowFailure.Renumber(_rows, () => encoder.Encode(_pixels[.._rows.Count], image => encoded.AsSpan(image * d, d)));
        for (int i = 0; i < _rows.Count; i++)
        {
            _vectors[_rows[i]].AddRange(encoded.AsSpan(i * d, d));
        }

        _rows.Clear();
    }
}
