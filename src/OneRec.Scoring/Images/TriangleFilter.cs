namespace OneRec.Scoring.Images;

/// <summary>
/// The weights by which one axis is resized: the bilinear (triangle) filter widened by the scale where the image shrinks,
/// so that every pixel counts, as Pillow's <c>BILINEAR</c> and torchvision's <c>antialias=True</c>, with which encoders are
/// trained.
/// </summary>
internal sealed class TriangleFilter
{
    private readonly int[] _first;
    private readonly float[][] _weights;

    /// <summary>The weights from so many pixels to a stretch of so many.</summary>
    /// <param name="from">Pixels of the source.</param>
    /// <param name="to">Pixels of the whole target.</param>
    /// <param name="start">The first pixel of the target that is wanted.</param>
    /// <param name="count">How many are.</param>
    public TriangleFilter(int from, int to, int start, int count)
    {
        _first = new int[count];
        _weights = new float[count][];
        double scale = (double)from / to;
        double reach = Math.Max(1, scale);
        for (int i = 0; i < count; i++)
        {
            double centre = (start + i + 0.5) * scale;
            int first = Math.Max(0, (int)(centre - reach + 0.5));
            int end = Math.Min(from, (int)(centre + reach + 0.5));
            double[] weights = [.. Enumerable.Range(first, end - first).Select(x => Math.Max(0, 1 - Math.Abs((x + 0.5 - centre) / reach)))];
            double sum = weights.Sum();
            _first[i] = first;
            _weights[i] = [.. weights.Select(w => (float)(w / sum))];
        }
    }

    /// <summary>Pixels of the target.</summary>
    public int Count => _first.Length;

    /// <summary>The first source pixel of a target pixel.</summary>
    public int First(int target) => _first[target];

    /// <summary>The weights of a target pixel's source pixels; they sum to 1.</summary>
    public ReadOnlySpan<float> Weights(int target) => _weights[target];
}
