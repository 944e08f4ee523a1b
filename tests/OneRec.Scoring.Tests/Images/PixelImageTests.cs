using OneRec.Scoring.Images;
using SkiaSharp;

namespace OneRec.Scoring.Tests.Images;

public sealed class PixelImageTests
{
    [Theory]
    [InlineData(SKEncodedImageFormat.Png, 0)]
    [InlineData(SKEncodedImageFormat.Webp, 12)]
    [InlineData(SKEncodedImageFormat.Jpeg, 12)]
    public void Formats_decode_to_their_pixels(SKEncodedImageFormat format, double allowed)
    {
        using var bitmap = new SKBitmap(new SKImageInfo(16, 8, SKColorType.Rgba8888, SKAlphaType.Unpremul));
        bitmap.Erase(new SKColor(200, 100, 50));
        Assert.Null(PixelImage.TryDecode(Encode(bitmap, format), out PixelImage? image));
        Assert.Equal((16, 8), (image!.Width, image.Height));
        for (int p = 0; p < 16 * 8; p++)
        {
            Assert.Equal(200, image.Rgba[p * 4], allowed);
            Assert.Equal(100, image.Rgba[(p * 4) + 1], allowed);
            Assert.Equal(50, image.Rgba[(p * 4) + 2], allowed);
        }
    }

    [Fact]
    public void What_is_transparent_lies_on_white()
    {
        using var bitmap = new SKBitmap(new SKImageInfo(2, 1, SKColorType.Rgba8888, SKAlphaType.Unpremul));
        bitmap.SetPixel(0, 0, new SKColor(0, 0, 0, 0));
        bitmap.SetPixel(1, 0, new SKColor(100, 0, 0, 51));
        Assert.Null(PixelImage.TryDecode(Encode(bitmap, SKEncodedImageFormat.Png), out PixelImage? image));
        Assert.Equal([255, 255, 255], image!.Rgba[..3]);
        Assert.Equal(224, image.Rgba[4], 0.5);
        Assert.Equal(204, image.Rgba[5], 0.5);
    }

    [Fact]
    public void What_does_not_decode_says_why()
    {
        Assert.Equal("is empty", PixelImage.TryDecode([], out _));
        Assert.Equal("is not a PNG, JPEG, WebP, GIF or BMP (12 bytes)", PixelImage.TryDecode("no image, no"u8, out _));
        using var bitmap = new SKBitmap(new SKImageInfo(64, 64, SKColorType.Rgba8888, SKAlphaType.Unpremul));
        for (int p = 0; p < 64 * 64; p++)
        {
            bitmap.SetPixel(p % 64, p / 64, new SKColor((byte)(p * 7), (byte)(p * 13), (byte)(p * 29)));
        }

        byte[] png = Encode(bitmap, SKEncodedImageFormat.Png);
        Assert.Equal("is truncated", PixelImage.TryDecode(png.AsSpan(0, png.Length / 2), out PixelImage? none));
        Assert.Null(none);
    }

    [Fact]
    public void An_image_beyond_the_memory_is_told_from_its_header_and_takes_none()
    {
        using var bitmap = new SKBitmap(new SKImageInfo(600, 500, SKColorType.Gray8));
        byte[] png = Encode(bitmap, SKEncodedImageFormat.Png);
        var memory = new MemoryShare(11 << 20);
        Assert.Null(PixelImage.TryDecode(png, memory, out PixelImage? image));
        Assert.True(image!.Rgba.Length * sizeof(float) <= memory.Bytes);
        image.Return();

        // The pixels are not there, and are not missed.
        var small = new MemoryShare(5 << 20);
        Assert.Equal(
            "has 600 x 500 pixels, which take 10 MiB to decode, but 5 MiB are available; raise memoryLimit (on Spark, the executors' "
            + "memory), or store a smaller image",
            PixelImage.TryDecode(png.AsSpan(0, 60), small, out PixelImage? none));
        Assert.Null(none);
        small.Take(small.Bytes);
    }

    [Fact]
    public void Threads_share_the_memory_and_all_of_it_comes_back()
    {
        using var bitmap = new SKBitmap(new SKImageInfo(600, 500, SKColorType.Gray8));
        byte[] png = Encode(bitmap, SKEncodedImageFormat.Png);
        var memory = new MemoryShare(11 << 20);
        int decoded = 0;
        int at = 0;
        Parallel.For(0, 40, new ParallelOptions { MaxDegreeOfParallelism = 4 }, i =>
        {
            if (PixelImage.TryDecode(i % 4 == 3 ? png.AsSpan(0, png.Length / 2) : png, memory, out PixelImage? image) is null)
            {
                Assert.Equal(1, Interlocked.Increment(ref at));
                Interlocked.Increment(ref decoded);
                Thread.Yield();
                Interlocked.Decrement(ref at);
                image!.Return();
            }
        });
        Assert.Equal(30, decoded);
        memory.Take(memory.Bytes);
    }

    private static byte[] Encode(SKBitmap bitmap, SKEncodedImageFormat format)
    {
        using SKData data = bitmap.Encode(format, 100);
        return data.ToArray();
    }
}
