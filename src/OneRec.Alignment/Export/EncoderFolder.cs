using System.Text.Json;
using System.Text.Json.Nodes;
using OneRec.Alignment.Networks;

namespace OneRec.Alignment.Export;

/// <summary>Writes a trained encoder as a model folder: <c>model.onnx</c> and a <c>manifest.json</c> of kind <c>qformer</c>.</summary>
internal static class EncoderFolder
{
    private const string Onnx = "model.onnx";

    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    /// <summary>Writes the two files.</summary>
    /// <param name="folder">An existing folder.</param>
    /// <param name="encoder">The encoder.</param>
    /// <param name="blocks">The blocks that it reads.</param>
    public static void Write(string folder, ItemEncoder encoder, IReadOnlyList<TokenBlockShape> blocks)
    {
        File.WriteAllBytes(Path.Combine(folder, Onnx), EncoderExport.Write(encoder));
        var manifest = new JsonObject
        {
            ["kind"] = "qformer",
            ["onnx"] = Onnx,
            ["quantization"] = "float",
            ["dimensions"] = encoder.Dimensions,
            ["blocks"] = new JsonArray(
            [
                .. blocks.Select((block, b) => new JsonObject
                {
                    ["dimensions"] = block.Dimensions,
                    ["tokens"] = EncoderExport.TokensOf(b),
                    ["mask"] = EncoderExport.MaskOf(b),
                }),
            ]),
            ["outputs"] = new JsonObject { ["pooled"] = EncoderExport.Output },
        };
        File.WriteAllText(Path.Combine(folder, "manifest.json"), manifest.ToJsonString(Indented) + "\n");
    }
}
