using OneRec.Core;

namespace OneRec.Scoring.Manifests;

/// <summary>The manifest of a text encoder: token ids in, a vector out.</summary>
public sealed record TextManifest : ModelManifest
{
    /// <summary>The <c>kind</c> in the manifest.</summary>
    public const string Name = "text";

    /// <summary>Maximum tokens per text, including special tokens; longer texts are truncated at the end.</summary>
    /// <value>3 to 100,000.</value>
    public required int MaxLength { get; init; }

    /// <summary>The tokenizer.</summary>
    public required TokenizerManifest Tokenizer { get; init; }

    /// <summary>Name of the int64 input [batch, length] of token ids.</summary>
    public required string IdsInput { get; init; }

    /// <summary>Name of the int64 input [batch, length] that is 1 for each token; null if the model has none.</summary>
    public required string? MaskInput { get; init; }

    /// <summary>Name of the int64 input [batch, length] of segment numbers, filled with zeros; null if the model has none.</summary>
    public required string? TypesInput { get; init; }

    /// <inheritdoc/>
    public override string Kind => Name;

    /// <inheritdoc/>
    internal override string VectorsWord => "length";

    /// <inheritdoc/>
    public override IReadOnlyList<string> Inputs => [.. new[] { IdsInput, MaskInput, TypesInput }.OfType<string>()];

    /// <inheritdoc/>
    public override IReadOnlyList<string> Files => [.. base.Files, .. Tokenizer.Files];

    /// <summary>Reads the keys of a text manifest; adds errors to <paramref name="problems"/>.</summary>
    internal static TextManifest Read(ManifestKeys top, string canonical, Problems problems)
    {
        AllowOnly(top, "maxLength", "tokenizer");
        string onnx = top.FileName("onnx");
        IReadOnlyList<string> data = top.FileNames("data");
        Quantization quantization = ReadQuantization(top);
        int maxLength = top.Whole("maxLength", 3, 100_000);
        int dimensions = ReadDimensions(top);
        TokenizerManifest tokenizer = TokenizerManifest.Read(top.Section("tokenizer"));
        ManifestKeys inputs = top.Section("inputs");
        inputs.AllowOnly("ids", "mask", "types");
        string ids = inputs.Name("ids") ?? inputs.Missing("ids");
        string? mask = inputs.Name("mask");
        string? types = inputs.Name("types");
        (string? pooled, string? tokens) = ReadOutputs(top, problems);
        return new TextManifest
        {
            Onnx = onnx,
            Data = data,
            Quantization = quantization,
            MaxLength = maxLength,
            Dimensions = dimensions,
            Tokenizer = tokenizer,
            IdsInput = ids,
            MaskInput = mask,
            TypesInput = types,
            PooledOutput = pooled,
            TokensOutput = tokens,
            Canonical = canonical,
        };
    }
}
