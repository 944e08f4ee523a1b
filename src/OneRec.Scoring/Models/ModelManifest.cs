using System.Text.Json.Nodes;
using OneRec.Core;

namespace OneRec.Scoring.Models;

/// <summary>
/// What a model folder's <c>manifest.json</c> says: which ONNX file, how an item becomes its inputs, and which output is
/// the vector. By <c>kind</c> a <see cref="TextManifest"/> or an <see cref="ImageManifest"/>.
/// </summary>
/// <remarks>
/// Comments are allowed, unknown and repeated keys are not; all problems are told at once, each with its key.
/// </remarks>
public abstract record ModelManifest
{
    private static readonly string[] Common = ["kind", "onnx", "data", "quantization", "dimensions", "inputs", "outputs"];

    private protected ModelManifest()
    {
    }

    /// <summary>The ONNX file's name in the model folder.</summary>
    public required string Onnx { get; init; }

    /// <summary>Further files that the ONNX file refers to, such as external weights: they are part of the model's id.</summary>
    /// <value>Default none.</value>
    public required IReadOnlyList<string> Data { get; init; }

    /// <summary>How weights and activations are held: <c>float</c> or <c>dynamic</c>.</summary>
    public required Quantization Quantization { get; init; }

    /// <summary>Length of a vector.</summary>
    /// <value>1 to 65,536 floats.</value>
    public required int Dimensions { get; init; }

    /// <summary>Name of the float output [batch, dimensions], a vector an item; null where there is none.</summary>
    public required string? PooledOutput { get; init; }

    /// <summary>
    /// Name of the float output [batch, vectors, dimensions], a vector a token or a patch; null where there is none. Without
    /// a pooled output the vector is the mean of these.
    /// </summary>
    public required string? TokensOutput { get; init; }

    /// <summary>The manifest as it counts for a model's id: keys sorted, comments gone.</summary>
    public required string Canonical { get; init; }

    /// <summary>The output that is read: pooled where there is one.</summary>
    public string Output => PooledOutput ?? TokensOutput!;

    /// <summary>What the model takes, as <c>kind</c> names it.</summary>
    public abstract string Kind { get; }

    /// <summary>What it gives several vectors of, for messages: <c>length</c> (tokens) or <c>patches</c>.</summary>
    internal abstract string VectorsWord { get; }

    /// <summary>Names of the inputs in the order in which they are fed.</summary>
    public abstract IReadOnlyList<string> Inputs { get; }

    /// <summary>The files that make the model: the ONNX file first.</summary>
    public virtual IReadOnlyList<string> Files => [Onnx, .. Data];

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
        string kind = top.OneOf("kind", TextManifest.Name, ImageManifest.Name);
        string canonical = CanonicalJson.Write(root);
        ModelManifest? manifest = kind switch
        {
            TextManifest.Name => TextManifest.Read(top, canonical, problems),
            ImageManifest.Name => ImageManifest.Read(top, canonical, problems),
            _ => null,
        };
        return problems.Lines.Count == 0 && manifest is not null
            ? manifest
            : throw OneRecException.Configuration("model.manifest", $"{source}: {string.Join("; ", problems.Lines)}");
    }

    /// <summary>The keys that a kind's manifest may have: those of all kinds and its own.</summary>
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
