using System.Buffers;
using System.Numerics.Tensors;
using SkiaSharp;

namespace OneRec.Scoring.Images;

/// <summary>An image as pixels of red, green, blue and a fourth value that is not used, 0 to 255, row by row.</summary>
/// <param name="Width">Pixels of a row.</param>
/// <param name="Height">Rows.</param>
/// <param name="Rgba">[Height, Width, 4]; it may be longer, what is decoded lies in memory that is used again.</param>
public sealed record PixelImage(int Width, int Height, float[] Rgba)
{
    /// <summary>The most pixels that are decoded: what is larger is no cover or frame, but would take all memory.</summary>
    public const long MostPixels = 100_000_000;

    /// <summary>Gives the memory of a decoded image back; it is not to be looked at after that.</summary>
    public void Return() => ArrayPool<float>.Shared.Return(Rgba);

    /// <summary>Decodes a PNG, JPEG, WebP, GIF (its first frame) or BMP. What is transparent lies on white.</summary>
    /// <param name="bytes">The file's bytes.</param>
    /// <param name="image">The image; null where it cannot be decoded.</param>
    /// <returns>Why not, or null: words that go after "image 1 of 3".</returns>
    public static string? TryDecode(ReadOnlySpan<byte> bytes, out PixelImage? image)
    {
        image = null;
        if (bytes.IsEmpty)
        {
            return "has no bytes";
        }

        using SKData data = SKData.CreateCopy(bytes);
        using SKCodec? codec = SKCodec.Create(data);
        if (codec is null)
        {
            return $"is no PNG, JPEG, WebP, GIF or BMP ({bytes.Length} bytes)";
        }

        SKImageInfo info = codec.Info;
        if ((long)info.Width * info.Height > MostPixels)
        {
            return $"is of {info.Width} x {info.Height} pixels, more than {MostPixels / 1_000_000} million";
        }

        // Not premultiplied, and as 8-bit sRGB: the decoder then leaves opaque pixels as they are in the file.
        var wanted = new SKImageInfo(info.Width, info.Height, SKColorType.Rgba8888, SKAlphaType.Unpremul);
        using var bitmap = new SKBitmap(wanted);
        SKCodecResult result = codec.GetPixels(wanted, bitmap.GetPixels());
        if (result != SKCodecResult.Success)
        {
            return result == SKCodecResult.IncompleteInput ? "is cut off" : $"does not decode ({result})";
        }

        bool opaque = info.AlphaType == SKAlphaType.Opaque;
        image = new PixelImage(info.Width, info.Height, OnWhite(bitmap.GetPixelSpan(), info.Width, info.Height, bitmap.RowBytes, opaque));
        return null;
    }

    private static float[] OnWhite(ReadOnlySpan<byte> pixels, int width, int height, int rowBytes, bool opaque)
    {
        // Megabytes an image: new ones each time would have the collector at work beside the models.
        float[] rgba = ArrayPool<float>.Shared.Rent(width * height * 4);
        for (int y = 0; y < height; y++)
        {
            ReadOnlySpan<byte> row = pixels.Slice(y * rowBytes, width * 4);
            Span<float> to = rgba.AsSpan(y * width * 4, width * 4);
            TensorPrimitives.ConvertTruncating(row, to);
            for (int x = 0; !opaque && x < row.Length; x += 4)
            {
                float alpha = row[x + 3] / 255f;
                for (int c = 0; c < 3; c++)
                {
                    to[x + c] = (row[x + c] * alpha) + (255 * (1 - alpha));
                }
            }
        }

        return rgba;
    }
}
