using System.Buffers;
using System.Numerics.Tensors;
using SkiaSharp;

namespace OneRec.Scoring.Images;

/// <summary>An image as pixels of red, green, blue and an unused fourth value, 0 to 255, row by row.</summary>
/// <param name="Width">Width in pixels.</param>
/// <param name="Height">Height in pixels.</param>
/// <param name="Rgba">[Height, Width, 4]; may be longer, because the memory of decoded images is pooled.</param>
public sealed record PixelImage(int Width, int Height, float[] Rgba)
{
    /// <summary>Maximum pixels to decode: a larger image is not a cover or frame, and would use all memory.</summary>
    public const long MaxPixels = 100_000_000;

    /// <summary>Returns the memory of a decoded image to the pool; the image must not be used afterwards.</summary>
    public void Return() => ArrayPool<float>.Shared.Return(Rgba);

    /// <summary>Decodes a PNG, JPEG, WebP, GIF (first frame) or BMP. Transparent pixels are blended with white.</summary>
    /// <param name="bytes">The file's bytes.</param>
    /// <param name="image">The image; null if it cannot be decoded.</param>
    /// <returns>Why not, as words that continue "image 1 of 3"; null if it was decoded.</returns>
    public static string? TryDecode(ReadOnlySpan<byte> bytes, out PixelImage? image)
    {
        image = null;
        if (bytes.IsEmpty)
        {
            return "is empty";
        }

        using SKData data = SKData.CreateCopy(bytes);
        using SKCodec? codec = SKCodec.Create(data);
        if (codec is null)
        {
            return $"is not a PNG, JPEG, WebP, GIF or BMP ({bytes.Length} bytes)";
        }

        SKImageInfo info = codec.Info;
        if ((long)info.Width * info.Height > MaxPixels)
        {
            return $"has {info.Width} x {info.Height} pixels, more than {MaxPixels / 1_000_000} million";
        }

        // Not premultiplied, and as 8-bit sRGB, so that the decoder leaves opaque pixels as they are in the file.
        var wanted = new SKImageInfo(info.Width, info.Height, SKColorType.Rgba8888, SKAlphaType.Unpremul);
        using var bitmap = new SKBitmap(wanted);
        SKCodecResult result = codec.GetPixels(wanted, bitmap.GetPixels());
        if (result != SKCodecResult.Success)
        {
            return result == SKCodecResult.IncompleteInput ? "is truncated" : $"cannot be decoded ({result})";
        }

        bool opaque = info.AlphaType == SKAlphaType.Opaque;
        image = new PixelImage(info.Width, info.Height, OnWhite(bitmap.GetPixelSpan(), info.Width, info.Height, bitmap.RowBytes, opaque));
        return null;
    }

    private static float[] OnWhite(ReadOnlySpan<byte> pixels, int width, int height, int rowBytes, bool opaque)
    {
        // Megabytes per image: allocating them each time would keep the garbage collector busy.
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
