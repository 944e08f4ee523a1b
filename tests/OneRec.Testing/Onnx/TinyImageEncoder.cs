using static OneRec.Testing.Onnx.OnnxParts;

namespace OneRec.Testing.Onnx;

/// <summary>
/// An image encoder small enough to be known by heart: an image's vector is the mean of its prepared pixels by channel,
/// [batch, 3]; its patches are its columns' means, [batch, width, 3].
/// </summary>
public sealed class TinyImageEncoder
{
    /// <summary>Pixels a side of the input.</summary>
    public int Side { get; init; } = 8;

    /// <summary>Images a call; 0 for any number.</summary>
    public int FixedBatch { get; init; }

    /// <summary>Whether the manifest names the patches instead of the mean.</summary>
    public bool Patches { get; init; }

    /// <summary>The manifest's section <c>image</c> without width and height.</summary>
    public string Image { get; init; } =
        "\"range\": 1, \"mean\": [0, 0, 0], \"deviation\": [1, 1, 1], \"channels\": \"rgb\", \"layout\": \"nchw\"";

    /// <summary>Writes <c>model.onnx</c> and <c>manifest.json</c> into a folder, made if need be.</summary>
    /// <returns>The folder.</returns>
    public string WriteTo(string folder)
    {
        Directory.CreateDirectory(folder);
        File.WriteAllBytes(Path.Combine(folder, "model.onnx"), Onnx());
        string output = Patches ? "\"tokens\": \"patches\"" : "\"pooled\": \"mean\"";
        File.WriteAllText(
            Path.Combine(folder, "manifest.json"),
            $$"""
            {
              "kind": "image", "onnx": "model.onnx", "quantization": "float", "dimensions": 3,
              "image": { "width": {{Side}}, "height": {{Side}}, {{Image}} },
              "inputs": { "pixels": "pixels" }, "outputs": { {{output}} }
            }
            """);
        return folder;
    }

    private byte[] Onnx()
    {
        int batch = FixedBatch == 0 ? -1 : FixedBatch;
        var graph = new ProtoWriter()
            .Message(1, Node("ReduceMean", ["pixels"], "columns").Message(5, Axes(2)).Message(5, Attribute("keepdims", 0)))
            .Message(1, Node("Transpose", ["columns"], "patches").Message(5, Permutation(0, 2, 1)))
            .Message(1, Node("ReduceMean", ["columns"], "mean").Message(5, Axes(2)).Message(5, Attribute("keepdims", 0)))
            .Text(2, "tiny-image")
            .Message(11, Value("pixels", FloatType, batch, 3, Side, Side))
            .Message(12, Value("mean", FloatType, batch, 3))
            .Message(12, Value("patches", FloatType, batch, Side, 3));
        return Model(graph, opset: 17, format: 8);
    }
}
