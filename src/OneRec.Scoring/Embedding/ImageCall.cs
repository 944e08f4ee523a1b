using OneRec.Scoring.Images;

namespace OneRec.Scoring.Embedding;

/// <summary>Prepared images that wait for a call to be full; they are large, so no more of them are held than it takes.</summary>
/// <param name="encoder">The model.</param>
/// <param name="rows">Rows that images are of.</param>
internal sealed class ImageCall(ImageEncoder encoder, int rows)
{
    private readonly List<float>[] _vectors = [.. Enumerable.Range(0, rows).Select(_ => new List<float>())];
    private readonly List<float[]> _pixels = [];
    private readonly List<int> _rows = [];

    /// <summary>The vectors of a row's images so far, one after the other.</summary>
    public List<float> Vectors(int row) => _vectors[row];

    /// <summary>Adds an image; runs the call where it is full.</summary>
    /// <exception cref="RowFailure">The model failed at a row.</exception>
    public void Add(int row, PixelImage image)
    {
        if (_rows.Count == _pixels.Count)
        {
            _pixels.Add(new float[encoder.Floats]);
        }

        encoder.Preparation.Prepare(image, _pixels[_rows.Count]);
        _rows.Add(row);
        if (_rows.Count == encoder.MostImages)
        {
            Run();
        }
    }

    /// <summary>Runs the call on what waits.</summary>
    /// <exception cref="RowFailure">The model failed at a row.</exception>
    public void Run()
    {
        int d = encoder.Dimensions;
        var encoded = new float[_rows.Count * d];
        try
        {
            encoder.Encode(_pixels[.._rows.Count], image => encoded.AsSpan(image * d, d));
        }
        catch (RowFailure failure)
        {
            throw new RowFailure(_rows[failure.Row], failure.Cause);
        }

        for (int i = 0; i < _rows.Count; i++)
        {
            _vectors[_rows[i]].AddRange(encoded.AsSpan(i * d, d));
        }

        _rows.Clear();
    }
}
