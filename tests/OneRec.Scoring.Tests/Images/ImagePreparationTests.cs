using CsCheck;
using OneRec.Scoring.Images;
using OneRec.Scoring.Manifests;
using OneRec.Scoring.Models;
using OneRec.Testing;
using OneRec.Testing.Onnx;

namespace OneRec.Scoring.Tests.Images;

/// <summary>Resizing, cutting and normalising beside a reference in double, written from the definition pixel by pixel.</summary>
public sealed class ImagePreparationTests : IDisposable
{
    private readonly ScratchFolder _scratch = new();

    [Fact]
    public void Prepared_images_are_those_of_the_reference()
    {
        Gen<(int W, int H, int Side, int Shorter, bool Bgr, bool Last, int Seed)> cases = Gen.Select(
            Gen.Int[1, 40], Gen.Int[1, 40], Gen.Int[1, 12], Gen.Int[0, 20], Gen.Bool, Gen.Bool, Gen.Int[0, 1000]);
        cases.Sample(
            c =>
            {
                int? shorter = c.Shorter < c.Side ? null : c.Shorter;
                string keys = $"{(shorter is null ? "" : $"\"shorterSide\": {shorter}, ")}\"range\": 255, \"mean\": [10, 20, 30], "
                    + $"\"deviation\": [2, 3, 4], \"channels\": \"{(c.Bgr ? "bgr" : "rgb")}\", \"layout\": \"{(c.Last ? "nhwc" : "nchw")}\"";
                var manifest = (ImageManifest)ModelFolder.Open(
                    new TinyImageEncoder { Side = c.Side, Image = keys }.WriteTo(_scratch[$"m{c.Seed}"])).Manifest;
                PixelImage image = Noise(c.W, c.H, c.Seed);
                var ours = new float[manifest.Floats];
                new ImagePreparation(manifest).Prepare(image, ours);
                double[] reference = Reference(image, c.Side, shorter, c.Bgr, c.Last);
                for (int i = 0; i < ours.Length; i++)
                {
                    Assert.Equal(reference[i], ours[i], 2e-3);
                }
            },
            iter: 300,
            threads: 1);
    }

    [Fact]
    public void An_image_of_the_inputs_size_is_only_normalised()
    {
        var manifest = (ImageManifest)ModelFolder.Open(new TinyImageEncoder { Side = 5 }.WriteTo(_scratch["m"])).Manifest;
        PixelImage image = Noise(5, 5, 3);
        var ours = new float[manifest.Floats];
        new ImagePreparation(manifest).Prepare(image, ours);
        for (int p = 0; p < 25; p++)
        {
            Assert.Equal(image.Rgba[p * 4] * (1 / 255f), ours[p]);
            Assert.Equal(image.Rgba[(p * 4) + 2] * (1 / 255f), ours[50 + p]);
        }
    }

    public void Dispose() => _scratch.Dispose();

    private static PixelImage Noise(int width, int height, int seed)
    {
        var draws = new OneRec.Core.SplitMix64((ulong)seed);
        return new PixelImage(width, height, [.. Enumerable.Range(0, width * height * 4).Select(_ => (float)draws.NextBelow(256))]);
    }

    // Of every target pixel: the sum over all source pixels of both axes' triangle weights, divided by the weights' sum.
    private static double[] Reference(PixelImage image, int side, int? shorter, bool bgr, bool last)
    {
        (int width, int height) = (side, side);
        (int left, int top) = (0, 0);
        if (shorter is { } s)
        {
            (width, height) = image.Width <= image.Height ? (s, s * image.Height / image.Width) : (s * image.Width / image.Height, s);
            (left, top) = ((int)Math.Round((width - side) / 2.0), (int)Math.Round((height - side) / 2.0));
        }

        var input = new double[3 * side * side];
        for (int y = 0; y < side; y++)
        {
            for (int x = 0; x < side; x++)
            {
                for (int channel = 0; channel < 3; channel++)
                {
                    (double sum, double weights) = (0, 0);
                    for (int v = 0; v < image.Height; v++)
                    {
                        for (int u = 0; u < image.Width; u++)
                        {
                            double weight = Weight(left + x, u, width, image.Width) * Weight(top + y, v, height, image.Height);
                            sum += weight * image.Rgba[(((v * image.Width) + u) * 4) + (bgr ? 2 - channel : channel)];
                            weights += weight;
                        }
                    }

                    double value = ((sum / weights) - (10 * (channel + 1))) / (channel + 2);
                    input[last ? (((y * side) + x) * 3) + channel : (((channel * side) + y) * side) + x] = value;
                }
            }
        }

        return input;
    }

    private static double Weight(int target, int source, int targets, int sources)
    {
        double scale = (double)sources / targets;
        return Math.Max(0, 1 - (Math.Abs(source + 0.5 - ((target + 0.5) * scale)) / Math.Max(1, scale)));
    }
}
