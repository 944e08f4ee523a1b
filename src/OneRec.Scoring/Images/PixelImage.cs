using System.Buffers;
using System.Numerics;
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

    // 64 MiB; a larger array is not pooled, since the pool would round it up to a power of two and keep it.
    private const int PooledFloats = 1 << 24;

    private readonly MemoryShare? _memory;
    private readonly long _taken;

    private PixelImage(int width, int height, float[] rgba, MemoryShare memory, long taken)
        : this(width, height, rgba) => (_memory, _taken) = (memory, taken);

    /// <summary>Returns the memory of a decoded image to the pool; the image must not be used afterwards.</summary>
    public void Return()
    {
        if (Floats(Width, Height) <= PooledFloats)
        {
            ArrayPool<float>.Shared.Return(Rgba);
        }

        _memory?.Return(_taken);
    }

    /// <summary>Decodes a PNG, JPEG, WebP, GIF (first frame) or BMP. Transparent pixels are blended with white.</summary>
    /// <param name="bytes">The file's bytes.</param>
    /// <param name="image">The image; null if it cannot be decoded.</param>
    /// <returns>Why not, as words that continue "image 1 of 3"; null if it was decoded.</returns>
    public static string? TryDecode(ReadOnlySpan<byte> bytes, out PixelImage? image) =>
        TryDecode(bytes, new MemoryShare(long.MaxValue), out image);

    /// <summary>Decodes an image within memory that is shared with others: its size is read from the header first.</summary>
    /// <param name="bytes">The file's bytes.</param>
    /// <param name="memory">Where the memory is taken from until <see cref="Return"/>.</param>
    /// <param name="image">The image; null if it cannot be decoded, or takes more than all of the memory.</param>
    /// <returns>Why not, as words that continue "image 1 of 3"; null if it was decoded.</returns>
    internal static string? TryDecode(ReadOnlySpan<byte> bytes, MemoryShare memory, out PixelImage? image)
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

        long needed = MemoryFor(info.Width, info.Height, bytes.Length);
        if (needed > memory.Bytes)
        {
            return $"has {info.Width} x {info.Height} pixels, which take {needed >> 20} MiB to decode, but {memory.Bytes >> 20} MiB are "
                + "available; raise memoryLimit (on Spark, the executors' memory), or store a smaller image";
        }

        memory.Take(needed);
        try
        {
            string? problem = Decode(codec, info, out float[]? rgba);
            image = rgba is null ? null : new PixelImage(info.Width, info.Height, rgba, memory, needed);
            return problem;
        }
        finally
        {
            if (image is null)
            {
                memory.Return(needed);
            }
        }
    }

    // The floats, 4 bytes a pixel, as many for the decoder's own rows and coefficients, and the file twice.
    private static long MemoryFor(int width, int height, int fileBytes)
    {
        long floats = Floats(width, height);
        long rented = floats <= PooledFloats ? (long)BitOperations.RoundUpToPowerOf2((ulong)floats) : floats;
        return (rented * sizeof(float)) + (2 * floats) + (2L * fileBytes);
    }

    private static long Floats(int width, int height) => 4L * width * height;

    private static string? Decode(SKCodec codec, SKImageInfo info, out float[]? rgba)
    {
        // Not premultiplied, and as 8-bit sRGB, so that the decoder leaves opaque pixels as they are in the file.
        rgba = null;
        var wanted = new SKImageInfo(info.Width, info.Height, SKColorType.Rgba8888, SKAlphaType.Unpremul);
        using var bitmap = new SKBitmap(wanted);
        SKCodecResult result = codec.GetPixels(wanted, bitmap.GetPixels());
        if (result != SKCodecResult.Success)
        {
            return result == SKCodecResult.IncompleteInput ? "is truncated" : $"cannot be decoded ({result})";
        }

        rgba = OnWhite(bitmap.GetPixelSpan(), info.Width, info.Height, bitmap.RowBytes, info.AlphaType == SKAlphaType.Opaque);
        return null;
    }

    private static float[] OnWhite(ReadOnlySpan<byte> pixels, int width, int height, int rowBytes, bool opaque)
    {
        // Megabytes per image: allocating them each time would keep the garbage collector busy.
        int floats = (int)Floats(width, height);
        float[] rgba = floats <= PooledFloats ? ArrayPool<float>.Shared.Rent(floats) : GC.AllocateUninitializedArray<float>(floats);
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
