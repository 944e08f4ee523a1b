using OneRec.Core;
using OneRec.Scoring.Images;
using OneRec.Scoring.Models;
using OneRec.Scoring.Text;
using OneRec.Testing;
using OneRec.Testing.Onnx;

namespace OneRec.Scoring.Tests.Images;

public sealed class ImageEncoderTests : IDisposable
{
    private readonly ScratchFolder _scratch = new();

    [Fact]
    public void A_pooled_output_and_the_mean_of_patches_are_the_mean_colour()
    {
        using ImageEncoder pooled = ImageEncoder.Open(ModelFolder.Open(new TinyImageEncoder().WriteTo(_scratch["a"])));
        using ImageEncoder patches = ImageEncoder.Open(ModelFolder.Open(new TinyImageEncoder { Patches = true }.WriteTo(_scratch["b"])));
        using ImageEncoder alone = ImageEncoder.Open(ModelFolder.Open(new TinyImageEncoder { FixedBatch = 1 }.WriteTo(_scratch["c"])));
        Assert.Equal((1, 8, 1), (pooled.Vectors, patches.Vectors, alone.Vectors));
        float[][] images = [.. Enumerable.Range(0, 5).Select(Pixels)];
        foreach (ImageEncoder encoder in new[] { pooled, patches, alone })
        {
            float[][] vectors = [.. images.Select(_ => new float[3])];
            encoder.Encode(images, row => vectors[row]);
            for (int i = 0; i < images.Length; i++)
            {
                for (int c = 0; c < 3; c++)
                {
                    Assert.Equal(images[i].Skip(c * 64).Take(64).Average(x => (double)x), vectors[i][c], 1e-5);
                }
            }
        }
    }

    [Fact]
    public void A_model_that_is_not_what_its_manifest_says_is_refused()
    {
        string folder = new TinyImageEncoder { Side = 8 }.WriteTo(_scratch["m"]);
        string manifest = Path.Combine(folder, "manifest.json");
        string text = File.ReadAllText(manifest);
        File.WriteAllText(manifest, text.Replace("\"width\": 8", "\"width\": 9", StringComparison.Ordinal));
        AssertError(
            folder, "model.input", $"{folder}/model.onnx: input 'pixels' is float [?, 3, 8, 8], not float [batch, 3, 8, 9]");
        File.WriteAllText(manifest, text.Replace("\"dimensions\": 3", "\"dimensions\": 4", StringComparison.Ordinal));
        AssertError(
            folder, "model.output", $"{folder}/model.onnx: output 'mean' is float [?, 3], not float [batch, dimensions] with 4 dimensions");
        File.WriteAllText(manifest, text.Replace("\"pixels\": \"pixels\"", "\"pixels\": \"image\"", StringComparison.Ordinal));
        AssertError(
            folder, "model.input", $"{folder}/model.onnx: has no input 'image' (it has 'pixels'); correct {folder}/manifest.json");
        File.WriteAllText(Path.Combine(folder, "model.onnx"), "none");
        AssertError(
            folder, "model.not-onnx", $"{folder}/model.onnx is not an ONNX file; export the model to ONNX, or name another file in the manifest");
    }

    [Fact]
    public void A_model_of_another_kind_is_refused_by_name()
    {
        string images = new TinyImageEncoder().WriteTo(_scratch["i"]);
        OneRecException e = Assert.Throws<OneRecException>(() => TextEncoder.Open(ModelFolder.Open(images)));
        Assert.Equal((ErrorKind.Configuration, "model.kind"), (e.Kind, e.Code));
        Assert.Equal(
            $"{images}/manifest.json: the model's kind is image, but a block of text needs text; name another model folder", e.Message);
        string texts = new TinyEncoder().WriteTo(_scratch["t"]);
        e = Assert.Throws<OneRecException>(() => ImageEncoder.Open(ModelFolder.Open(texts)));
        Assert.Equal(
            $"{texts}/manifest.json: the model's kind is text, but a block of image needs image; name another model folder", e.Message);
    }

    [Fact]
    public void The_shipped_manifest_fits_the_shipped_resnet()
    {
        ModelFolder model = ModelFolder.Open(Desk.ResNet18());
        using ImageEncoder encoder = ImageEncoder.Open(model);
        Assert.Equal((512, 1, 1), (encoder.Dimensions, encoder.Vectors, encoder.MaxImages));
        float[] red = Vector(encoder, 220, 30, 20);
        Assert.Equal(red, Vector(encoder, 220, 30, 20));
        Assert.NotEqual(red, Vector(encoder, 20, 30, 220));
        Assert.True(red.All(x => x >= 0 && float.IsFinite(x)) && red.Any(x => x > 0), "pooled after a rectifier");
    }

    public void Dispose() => _scratch.Dispose();

    private static float[] Vector(ImageEncoder encoder, float red, float green, float blue)
    {
        float[] rgba = [.. Enumerable.Range(0, 100).SelectMany(_ => new[] { red, green, blue, 255 })];
        var pixels = new float[encoder.Floats];
        encoder.Preparation.Prepare(new PixelImage(10, 10, rgba), pixels);
        var vector = new float[encoder.Dimensions];
        encoder.Encode([pixels], _ => vector);
        return vector;
    }

    private static float[] Pixels(int seed)
    {
        var draws = new SplitMix64((ulong)seed);
        return [.. Enumerable.Range(0, 3 * 64).Select(_ => draws.NextBelow(1000) / 1000f)];
    }

    private static void AssertError(string folder, string code, string message)
    {
        OneRecException e = Assert.Throws<OneRecException>(() => ImageEncoder.Open(ModelFolder.Open(folder)));
        Assert.Equal((ErrorKind.Engine, code, message), (e.Kind, e.Code, e.Message));
    }
}
