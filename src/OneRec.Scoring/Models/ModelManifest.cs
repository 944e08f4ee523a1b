using System.Text.Json.Nodes;
using OneRec.Core;

namespace OneRec.Scoring.Models;

/// <summary>
/// What a model folder's <c>manifest.json</c> says: which ONNX file, how text becomes its inputs, and which output is
/// the vector.
/// </summary>
/// <remarks>
/// Comments are allowed, unknown and repeated keys are not; all problems are told at once, each with its key.
/// </remarks>
public sealed record ModelManifest
{
    /// <summary>Names that only text models take, so that a manifest of another kind is refused by name.</summary>
    public const string TextKind = "text";

    /// <summary>The ONNX file's name in the model folder.</summary>
    public required string Onnx { get; init; }

    /// <summary>Further files that the ONNX file refers to, such as external weights: they are part of the model's id.</summary>
    /// <value>Default none.</value>
    public IReadOnlyList<string> Data { get; init; } = [];

    /// <summary>How weights and activations are held: <c>float</c> or <c>dynamic</c>.</summary>
    public required Quantization Quantization { get; init; }

    /// <summary>Most tokens of a text, special tokens included; what is longer is cut at its end.</summary>
    /// <value>3 to 100,000.</value>
    public required int MaxLength { get; init; }

    /// <summary>Length of the vector.</summary>
    /// <value>1 to 65,536 floats.</value>
    public required int Dimensions { get; init; }

    /// <summary>How text becomes token ids.</summary>
    public required TokenizerManifest Tokenizer { get; init; }

    /// <summary>Name of the int64 input [batch, length] of token ids.</summary>
    public required string IdsInput { get; init; }

    /// <summary>Name of the int64 input [batch, length] that is 1 for a token; null where the model has none.</summary>
    public string? MaskInput { get; init; }

    /// <summary>Name of the int64 input [batch, length] of segment numbers, fed with zeros; null where the model has none.</summary>
    public string? TypesInput { get; init; }

    /// <summary>Name of the float output [batch, dimensions]; null where there is none.</summary>
    public string? PooledOutput { get; init; }

    /// <summary>
    /// Name of the float output [batch, length, dimensions]; null where there is none. Without a pooled output the
    /// text's vector is the mean of these.
    /// </summary>
    public string? TokensOutput { get; init; }

    /// <summary>The manifest as it counts for a model's id: keys sorted, comments gone.</summary>
    public required string Canonical { get; init; }

    /// <summary>Reads a manifest file.</summary>
    /// <param name="path">Its full path.</param>
    /// <exception cref="OneRecException">Configuration error <c>model.manifest</c> with every problem by key.</exception>
    public static ModelManifest Read(string path)
    {
        string text;
        try
        {
            text = File.ReadAllText(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw OneRecException.Configuration(
                "model.manifest",
                $"{path}: no manifest there; give the model folder a manifest.json, or name one in embed.inputs[].manifest",
                e);
        }

        return Parse(text, path);
    }

    /// <summary>Reads a manifest's text.</summary>
    /// <param name="text">JSON, comments allowed.</param>
    /// <param name="source">What messages call it: the file's path.</param>
    /// <exception cref="OneRecException">Configuration error <c>model.manifest</c> with every problem by key.</exception>
    public static ModelManifest Parse(string text, string source)
    {
        JsonObject root = ManifestKeys.ParseObject(text, source);
        var problems = new Problems();
        var top = new ManifestKeys(root, "", problems);
        top.AllowOnly("kind", "onnx", "data", "quantization", "maxLength", "dimensions", "tokenizer", "inputs", "outputs");
        top.OneOf("kind", TextKind);
        string onnx = top.FileName("onnx");
        IReadOnlyList<string> data = top.FileNames("data");
        string quantization = top.OneOf("quantization", "float", "dynamic");
        int maxLength = top.Whole("maxLength", 3, 100_000);
        int dimensions = top.Whole("dimensions", 1, 65_536);

        ManifestKeys tokenizer = top.Section("tokenizer");
        tokenizer.AllowOnly("kind", "vocab", "lowerCase", "stripAccents");
        tokenizer.OneOf("kind", "wordpiece");
        string vocab = tokenizer.FileName("vocab");
        bool lowerCase = tokenizer.Flag("lowerCase") ?? true;
        bool stripAccents = tokenizer.Flag("stripAccents") ?? lowerCase;

        ManifestKeys inputs = top.Section("inputs");
        inputs.AllowOnly("ids", "mask", "types");
        string ids = inputs.Name("ids") ?? inputs.Missing("ids");
        string? mask = inputs.Name("mask");
        string? types = inputs.Name("types");

        ManifestKeys outputs = top.Section("outputs");
        outputs.AllowOnly("pooled", "tokens");
        string? pooled = outputs.Name("pooled");
        string? tokens = outputs.Name("tokens");
        if (outputs.Present && pooled is null && tokens is null)
        {
            problems.Add("outputs must name pooled, tokens or both");
        }

        if (problems.Lines.Count > 0)
        {
            throw OneRecException.Configuration("model.manifest", $"{source}: {string.Join("; ", problems.Lines)}");
        }

        return new ModelManifest
        {
            Onnx = onnx,
            Data = data,
            Quantization = quantization == "dynamic" ? Quantization.Dynamic : Quantization.None,
            MaxLength = maxLength,
            Dimensions = dimensions,
            Tokenizer = new TokenizerManifest { Vocab = vocab, LowerCase = lowerCase, StripAccents = stripAccents },
            IdsInput = ids,
            MaskInput = mask,
            TypesInput = types,
            PooledOutput = pooled,
            TokensOutput = tokens,
            Canonical = CanonicalJson.Write(root),
        };
    }
}
