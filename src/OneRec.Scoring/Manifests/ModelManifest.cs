using System.Text.Json.Nodes;
using OneRec.Core;

namespace OneRec.Scoring.Manifests;

/// <summary>
/// The contents of a model folder's <c>manifest.json</c>: the ONNX file, how an item is converted to its inputs, and which
/// output is the vector. Depending on <c>kind</c>, a <see cref="TextManifest"/>, an <see cref="ImageManifest"/> or a
/// <see cref="QFormerManifest"/>.
/// </summary>
/// <remarks>
/// Comments are allowed, unknown and duplicate keys are not; all errors are reported at once, each with its key.
/// </remarks>
public abstract record ModelManifest
{
    private static readonly string[] Common = ["kind", "onnx", "data", "quantization", "dimensions", "inputs", "outputs"];

    private protected ModelManifest()
    {
    }

    /// <summary>The ONNX file's name in the model folder.</summary>
    public required string Onnx { get; init; }

    /// <summary>Other files that the ONNX file refers to, such as external weights; they are part of the model's identity.</summary>
    /// <value>Default none.</value>
    public required IReadOnlyList<string> Data { get; init; }

    /// <summary>The format of weights and activations: <c>float</c> or <c>dynamic</c>.</summary>
    public required Quantization Quantization { get; init; }

    /// <summary>Length of a vector.</summary>
    /// <value>1 to 65,536 floats.</value>
    public required int Dimensions { get; init; }

    /// <summary>Name of the float output [batch, dimensions], one vector per item; null if there is none.</summary>
    public required string? PooledOutput { get; init; }

    /// <summary>
    /// Name of the float output [batch, vectors, dimensions], one vector per token or patch; null if there is none. Without a
    /// pooled output, the item's vector is the mean of these.
    /// </summary>
    public required string? TokensOutput { get; init; }

    /// <summary>The manifest's canonical text for the model's identity: keys sorted, comments removed.</summary>
    public required string Canonical { get; init; }

    /// <summary>The output that is read: the pooled one if there is one.</summary>
    public string Output => PooledOutput ?? TokensOutput!;

    /// <summary>The kind of input, as named by <c>kind</c>.</summary>
    public abstract string Kind { get; }

    /// <summary>The name of the second output axis, for messages: <c>length</c> (tokens) or <c>patches</c>.</summary>
    internal abstract string VectorsWord { get; }

    /// <summary>Names of the inputs in the order in which values are passed.</summary>
    public abstract IReadOnlyList<string> Inputs { get; }

    /// <summary>The model's files, the ONNX file first.</summary>
    public virtual IReadOnlyList<string> Files => [Onnx, .. Data];

    /// <summary>Reads a manifest file.</summary>
    /// <param name="path">Its full path.</param>
    /// <exception cref="OneRecException">Configuration error <c>model.manifest</c> with all errors by key.</exception>
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
                $"{path}: the manifest does not exist; add a manifest.json to the model folder, or set embed.inputs[].manifest",
                e);
        }

        return Parse(text, path);
    }

    /// <summary>Parses a manifest.</summary>
    /// <param name="text">JSON, comments allowed.</param>
    /// <param name="source">Its name in messages: the file's path.</param>
    /// <exception cref="OneRecException">Configuration error <c>model.manifest</c> with all errors by key.</exception>
    public static ModelManifest Parse(string text, string source)
    {
        JsonObject root = ManifestKeys.ParseObject(text, source);
        var problems = new Problems();
        var top = new ManifestKeys(root, "", problems);
        string kind = top.OneOf("kind", TextManifest.Name, ImageManifest.Name, QFormerManifest.Name);
        string canonical = CanonicalJson.Write(root);
        ModelManifest? manifest = kind switch
        {
            TextManifest.Name => TextManifest.Read(top, canonical, problems),
            ImageManifest.Name => ImageManifest.Read(top, canonical, problems),
            QFormerManifest.Name => QFormerManifest.Read(top, canonical, problems),
            _ => null,
        };
        return problems.Lines.Count == 0 && manifest is not null
            ? manifest
            : throw OneRecException.Configuration("model.manifest", $"{source}: {string.Join("; ", problems.Lines)}");
    }

    /// <summary>The keys allowed in a manifest of a kind: the common ones and its own.</summary>
    private protected static void AllowOnly(ManifestKeys top, params ReadOnlySpan<string> own) => top.AllowOnly([.. Common, .. own]);

    private protected static Quantization ReadQuantization(ManifestKeys top) =>
        top.OneOf("quantization", "float", "dynamic") == "dynamic" ? Quantization.Dynamic : Quantization.None;

    private protected static int ReadDimensions(ManifestKeys top) => top.Whole("dimensions", 1, 65_536);

    private protected static (string? Pooled, string? Tokens) ReadOutputs(ManifestKeys top, Problems problems)
    {
        ManifestKeys outputs = top.Section("outputs");
        outputs.AllowOnly("pooled", "tokens");
        string? pooled = outputs.Name("pooled");
        string? tokens = outputs.Name("tokens");
        if (outputs.Present && pooled is null && tokens is null)
        {
            problems.Add("outputs must name pooled, tokens or both");
        }

        return (pooled, tokens);
    }
}

/// <summary>The format of a model's weights and activations.</summary>
public enum Quantization
{
    /// <summary>Not quantized: floating point throughout (<c>float</c> in a manifest).</summary>
    None,

    /// <summary>
    /// Activations are quantized to 8 bits at run time with one range for the whole batch, so a row's output would depend on
    /// the other rows of its batch. Such a model runs one row at a time.
    /// </summary>
    Dynamic,
}
