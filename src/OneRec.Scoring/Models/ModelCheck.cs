using System.Globalization;
using OneRec.Core;
using OneRec.Scoring.Aligned;
using OneRec.Scoring.Images;
using OneRec.Scoring.Manifests;
using OneRec.Scoring.Onnx;
using OneRec.Scoring.Text;

namespace OneRec.Scoring.Models;

/// <summary>Runs one item through a model and reports the results.</summary>
/// <param name="folder">The model folder.</param>
/// <param name="device">The device to run on.</param>
/// <param name="clock">For measuring the time of a call.</param>
public sealed class ModelCheck(ModelFolder folder, ExecutionDevice device, TimeProvider clock)
{
    private const int TimedCalls = 20;
    private const int MadeUpTokens = 15;

    /// <summary>Runs a text, an image or made-up token vectors, depending on the kind of the model.</summary>
    /// <param name="text">The text for a text model.</param>
    /// <param name="image">The path of an image file for an image model; null for a generated image of two colours.</param>
    /// <returns>Names and values to show to the user, in order.</returns>
    /// <exception cref="OneRecException">A problem with the model folder, in one line.</exception>
    public IReadOnlyList<(string Name, string Value)> Run(string text, string? image)
    {
        var facts = new List<(string Name, string Value)>
        {
            ("model", folder.OnnxPath),
            ("manifest", folder.ManifestPath),
            ("kind", folder.Manifest.Kind),
            ("device", device.ToString()),
        };
        facts.AddRange(folder.Manifest switch
        {
            TextManifest => Text(text),
            QFormerManifest => Aligned(),
            _ => Image(image),
        });
        facts.Add(("identity", StableHash.Sha256(CanonicalJson.Write(folder.Identity()))[..16]));
        return facts;
    }

    private List<(string Name, string Value)> Text(string text)
    {
        using TextEncoder encoder = TextEncoder.Open(folder, device);
        int[] ids = encoder.Tokenizer.Encode([new TextPart(text)], ". ");
        if (ids.Length == 0)
        {
            throw OneRecException.Configuration("model.text", "the text to try is blank; give one with --text");
        }

        var vector = new float[encoder.Dimensions];
        double seconds = Time(() => encoder.Encode(ids, vector));
        string together = encoder.Batching switch
        {
            Batching.Alone when folder.Manifest.Quantization == Quantization.Dynamic => "one at a time: activations are quantized per batch",
            Batching.Alone => "one at a time: a row's result depends on the other rows of its batch",
            Batching.EqualLengths => "texts of equal length: a row's result does not depend on its batch",
            _ => "texts of similar lengths, padded",
        };
        return
        [
            ("text", text),
            ("tokens", $"{ids.Length}: {string.Join(' ', ids)}"),
            .. Vector(vector, seconds, ids.Length),
            ("batching", together),
            .. Placement(encoder.Placement),
        ];
    }

    private List<(string Name, string Value)> Image(string? path)
    {
        using ImageEncoder encoder = ImageEncoder.Open(folder, device);
        PixelImage image = path is null ? TwoColours() : Read(path);
        var pixels = new float[encoder.Floats];
        encoder.Preparation.Prepare(image, pixels);
        var vector = new float[encoder.Dimensions];
        double seconds = Time(() => encoder.Encode([pixels], _ => vector));
        return
        [
            ("image", $"{path ?? "two colours"}, {image.Width} x {image.Height}"),
            ("input", $"{string.Join(" x ", ((ImageManifest)folder.Manifest).Shape)}, from {Number(pixels.Min())} to {Number(pixels.Max())}"),
            ("vectors per image", encoder.Vectors.ToString(CultureInfo.InvariantCulture)),
            .. Vector(vector, seconds, null),
            .. Placement(encoder.Placement),
        ];
    }

    // A model of token vectors has no input of a user's to try: each block gets some made-up vectors.
    private List<(string Name, string Value)> Aligned()
    {
        using AlignedEncoder encoder = AlignedEncoder.Open(folder, device);
        float[][] blocks =
        [
            .. encoder.Blocks.Select(b => Enumerable.Range(0, MadeUpTokens * b.Dimensions).Select(i => (float)Math.Sin(i)).ToArray()),
        ];
        var vector = new float[encoder.Dimensions];
        double seconds = Time(() => encoder.Encode(1, (_, block) => blocks[block], _ => vector));
        return
        [
            ("blocks", string.Join(", ", encoder.Blocks.Select(b => $"vectors of {b.Dimensions} floats"))),
            ("input", $"{MadeUpTokens} made-up token vectors a block"),
            .. Vector(vector, seconds, MadeUpTokens * encoder.Blocks.Count),
            .. Placement(encoder.Placement),
        ];
    }

    private static PixelImage Read(string path)
    {
        byte[] bytes;
        try
        {
            bytes = File.ReadAllBytes(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw OneRecException.Input("model.image", $"{path}: cannot read the image: {e.Message}; choose another file", e);
        }

        return PixelImage.TryDecode(bytes, out PixelImage? image) is { } problem
            ? throw OneRecException.Input("model.image", $"{path}: {problem}")
            : image!;
    }

    // Not a uniform grey, so that an encoder with mixed-up axes is noticed.
    private static PixelImage TwoColours()
    {
        const int side = 256;
        var rgba = new float[side * side * 4];
        for (int p = 0; p < side * side; p++)
        {
            (rgba[4 * p], rgba[(4 * p) + 1], rgba[(4 * p) + 2]) = p % side < p / side ? (220f, 60f, 30f) : (20f, 90f, 200f);
        }

        return new PixelImage(side, side, rgba);
    }

    private double Time(Action call)
    {
        call();
        long start = clock.GetTimestamp();
        for (int i = 0; i < TimedCalls; i++)
        {
            call();
        }

        return clock.GetElapsedTime(start).TotalSeconds / TimedCalls;
    }

    private static IEnumerable<(string Name, string Value)> Placement(string? placement) =>
        placement is null ? [] : [("nodes", placement)];

    private static IEnumerable<(string Name, string Value)> Vector(float[] vector, double seconds, int? tokens)
    {
        double norm = Math.Sqrt(vector.Sum(x => (double)x * x));
        yield return ("vector", $"{vector.Length} floats with norm {Number(norm)}: {string.Join(", ", vector.Take(4).Select(x => Number(x)))}, ...");
        string rate = tokens is null ? "" : $", {tokens / seconds:N0} tokens/s";
        yield return ("time per call", string.Create(CultureInfo.InvariantCulture, $"{seconds * 1000:F2} ms on one thread{rate}"));
    }

    private static string Number(double value) => value.ToString("G4", CultureInfo.InvariantCulture);
}
