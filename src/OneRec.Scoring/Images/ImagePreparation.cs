using System.Buffers;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using OneRec.Scoring.Manifests;

namespace OneRec.Scoring.Images;

/// <summary>Prepares an image for a model: resized, cropped and normalized as the manifest specifies.</summary>
/// <remarks>
/// In single precision, without FMA, in a fixed order: the same bits on every CPU. Unlike Pillow, which rounds to bytes after
/// each axis, it does not round.
/// </remarks>
public sealed class ImagePreparation(ImageManifest manifest)
{
    private static readonly ArrayPool<Vector128<float>> Pool = ArrayPool<Vector128<float>>.Shared;

    /// <summary>Prepares an image.</summary>
    /// <param name="image">The image.</param>
    /// <param name="input">Out [3, height, width], or [height, width, 3] if the manifest says so.</param>
    public void Prepare(PixelImage image, Span<float> input)
    {
        ArgumentNullException.ThrowIfNull(image);
        ArgumentOutOfRangeException.ThrowIfNotEqual(input.Length, manifest.Floats);
        (TriangleFilter across, TriangleFilter down) = Filters(image);
        Vector128<float>[] pixels = Pool.Rent(across.Count * down.Count);
        Resize(image, across, down, pixels);
        Normalise(pixels, input);
        Pool.Return(pixels);
    }

    private (TriangleFilter Across, TriangleFilter Down) Filters(PixelImage image)
    {
        if (manifest.ShorterSide is not { } shorter)
        {
            return (
                new TriangleFilter(image.Width, manifest.Width, 0, manifest.Width),
                new TriangleFilter(image.Height, manifest.Height, 0, manifest.Height));
        }

        // As in torchvision: the longer side is truncated to whole pixels, the crop offset is rounded.
        bool tall = image.Width <= image.Height;
        int width = tall ? shorter : (int)((long)shorter * image.Width / image.Height);
        int height = tall ? (int)((long)shorter * image.Height / image.Width) : shorter;
        int left = (int)Math.Round((width - manifest.Width) / 2.0);
        int top = (int)Math.Round((height - manifest.Height) / 2.0);
        return (
            new TriangleFilter(image.Width, width, left, manifest.Width),
            new TriangleFilter(image.Height, height, top, manifest.Height));
    }

    // Horizontal pass first, only for the rows that the vertical pass reads; a pixel's four values are one vector.
    private static void Resize(PixelImage image, TriangleFilter across, TriangleFilter down, Span<Vector128<float>> pixels)
    {
        ReadOnlySpan<Vector128<float>> source = MemoryMarshal.Cast<float, Vector128<float>>(image.Rgba);
        int firstRow = down.First(0);
        int rows = down.First(down.Count - 1) + down.Weights(down.Count - 1).Length - firstRow;
        Vector128<float>[] narrow = Pool.Rent(rows * across.Count);
        for (int y = 0; y < rows; y++)
        {
            ReadOnlySpan<Vector128<float>> row = source.Slice((firstRow + y) * image.Width, image.Width);
            for (int x = 0; x < across.Count; x++)
            {
                narrow[(y * across.Count) + x] = Weighed(row, across.First(x), across.Weights(x), stride: 1);
            }
        }

        for (int y = 0; y < down.Count; y++)
        {
            int from = (down.First(y) - firstRow) * across.Count;
            for (int x = 0; x < across.Count; x++)
            {
                pixels[(y * across.Count) + x] = Weighed(narrow, from + x, down.Weights(y), across.Count);
            }
        }

        Pool.Return(narrow);
    }

    private static Vector128<float> Weighed(ReadOnlySpan<Vector128<float>> pixels, int first, ReadOnlySpan<float> weights, int stride)
    {
        Vector128<float> sum = Vector128<float>.Zero;
        for (int i = 0; i < weights.Length; i++)
        {
            sum += pixels[first + (i * stride)] * weights[i];
        }

        return sum;
    }

    private void Normalise(ReadOnlySpan<Vector128<float>> pixels, Span<float> input)
    {
        ReadOnlySpan<float> rgba = MemoryMarshal.Cast<Vector128<float>, float>(pixels);
        int plane = manifest.Width * manifest.Height;
        (int offset, int step) = manifest.ChannelsLast ? (1, 3) : (plane, 1);
        float unit = manifest.Range / 255f;
        for (int channel = 0; channel < 3; channel++)
        {
            int from = manifest.BlueFirst ? 2 - channel : channel;
            var mean = (float)manifest.Mean[channel];
            var deviation = (float)manifest.Deviation[channel];
            for (int p = 0; p < plane; p++)
            {
                input[(channel * offset) + (p * step)] = ((rgba[(4 * p) + from] * unit) - mean) / deviation;
            }
        }
    }
}

/// <summary>
/// The weights for resizing one axis: the bilinear (triangle) filter, widened by the scale factor when the image shrinks, so
/// that every pixel counts. The same as Pillow's <c>BILINEAR</c> and torchvision's <c>antialias=True</c>, with which
/// encoders are trained.
/// </summary>
internal sealed class TriangleFilter
{
    private readonly int[] _first;
    private readonly float[][] _weights;

    /// <summary>Computes the weights for a part of the target.</summary>
    /// <param name="from">Length of the source in pixels.</param>
    /// <param name="to">Length of the whole target in pixels.</param>
    /// <param name="start">The first target pixel needed.</param>
    /// <param name="count">Number of target pixels needed.</param>
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

    /// <summary>Number of target pixels.</summary>
    public int Count => _first.Length;

    /// <summary>The first source pixel of a target pixel.</summary>
    public int First(int target) => _first[target];

    /// <summary>The weights of a target pixel's source pixels; they sum to 1.</summary>
    public ReadOnlySpan<float> Weights(int target) => _weights[target];
}
