using System.Buffers.Binary;
using static OneRec.Testing.Onnx.OnnxParts;

namespace OneRec.Testing.Onnx;

/// <summary>
/// A text encoder small enough to be known by heart: a token's vector is its row of a table, a text's vector the mean
/// of its tokens'. Written as an ONNX file byte by byte (field numbers of onnx.proto), so that tests need no model.
/// </summary>
public sealed class TinyEncoder
{
    /// <summary>The vocabulary: the special tokens of BERT, punctuation, then words.</summary>
    public static IReadOnlyList<string> Vocabulary { get; } =
    [
        "[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", ".", ",", "red", "green", "blue", "fox", "crow", "river", "hill",
        "cafe", "nan",
    ];

    /// <summary>Floats a vector.</summary>
    public int Dimensions { get; init; } = 4;

    /// <summary>Operator set that the file asks for.</summary>
    public int Opset { get; init; } = 17;

    /// <summary>Version of the file's format (IR).</summary>
    public int Format { get; init; } = 8;

    /// <summary>Name of the pooled output.</summary>
    public string PooledOutput { get; init; } = "sentence_embedding";

    /// <summary>Axis that the pooled output is averaged over: 1 is the text's length; 2 makes it [batch, length], which is wrong.</summary>
    public int PooledAxis { get; init; } = 1;

    /// <summary>Added to every entry of the table, so that two models differ.</summary>
    public float Shift { get; init; }

    /// <summary>A token's row of the table; NaN for the word <c>nan</c>.</summary>
    public float[] Row(int token) =>
    [
        .. Enumerable.Range(0, Dimensions).Select(t =>
            Vocabulary[token] == "nan" ? float.NaN : (float)Math.Sin((token * 7) + (t * 3) + 1) + Shift),
    ];

    /// <summary>Writes <c>model.onnx</c>, <c>vocab.txt</c> and <c>manifest.json</c> into a folder, made if need be.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="manifest">The manifest's text; null: the right one.</param>
    /// <returns>The folder.</returns>
    public string WriteTo(string folder, string? manifest = null)
    {
        Directory.CreateDirectory(folder);
        File.WriteAllBytes(Path.Combine(folder, "model.onnx"), Onnx());
        File.WriteAllLines(Path.Combine(folder, "vocab.txt"), Vocabulary);
        File.WriteAllText(Path.Combine(folder, "manifest.json"), manifest ?? Manifest());
        return folder;
    }

    /// <summary>The manifest that fits.</summary>
    public string Manifest() => $$"""
        {
          "kind": "text",
          "onnx": "model.onnx",
          "quantization": "float",
          "maxLength": 16,
          "dimensions": {{Dimensions}},
          "tokenizer": { "kind": "wordpiece", "vocab": "vocab.txt" },
          "inputs": { "ids": "input_ids", "mask": "attention_mask" },
          "outputs": { "pooled": "sentence_embedding", "tokens": "token_embeddings" }
        }
        """;

    /// <summary>The ONNX file's bytes.</summary>
    public byte[] Onnx()
    {
        var graph = new ProtoWriter()
            .Message(1, Node("Gather", ["table", "input_ids"], "token_embeddings"))
            .Message(1, Node("Cast", ["attention_mask"], "mask").Message(5, Attribute("to", FloatType)))
            .Message(1, Node("Unsqueeze", ["mask", "last"], "mask3"))
            .Message(1, Node("Mul", ["token_embeddings", "mask3"], "masked"))
            .Message(1, Node("ReduceSum", ["masked", "pooled_axis"], "sum").Message(5, Attribute("keepdims", 0)))
            .Message(1, Node("ReduceSum", ["mask3", "pooled_axis"], "count").Message(5, Attribute("keepdims", 0)))
            .Message(1, Node("Div", ["sum", "count"], PooledOutput))
            .Text(2, "tiny")
            .Message(5, Table())
            .Message(5, Axis("last", -1))
            .Message(5, Axis("pooled_axis", PooledAxis))
            .Message(11, Value("input_ids", WholeType, -1, -1))
            .Message(11, Value("attention_mask", WholeType, -1, -1))
            .Message(12, Value("token_embeddings", FloatType, -1, -1, Dimensions))
            .Message(12, Value(PooledOutput, FloatType, -1, PooledAxis == 1 ? Dimensions : -1));
        return Model(graph, Opset, Format);
    }

    private ProtoWriter Table()
    {
        var raw = new byte[Vocabulary.Count * Dimensions * sizeof(float)];
        for (int token = 0; token < Vocabulary.Count; token++)
        {
            float[] row = Row(token);
            for (int t = 0; t < Dimensions; t++)
            {
                BinaryPrimitives.WriteSingleLittleEndian(raw.AsSpan(((token * Dimensions) + t) * sizeof(float)), row[t]);
            }
        }

        return new ProtoWriter().Whole(1, Vocabulary.Count).Whole(1, Dimensions).Whole(2, FloatType).Text(8, "table").Bytes(9, raw);
    }
}
