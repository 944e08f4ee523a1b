using OneRec.Core;

namespace OneRec.Scoring.Manifests;

/// <summary>
/// The manifest of an aligned model: the token vectors of all blocks in, the item's embedding out. <c>onerec align</c> writes
/// such folders.
/// </summary>
public sealed record QFormerManifest : ModelManifest
{
    /// <summary>The <c>kind</c> in the manifest.</summary>
    public const string Name = "qformer";

    /// <summary>The blocks of the embedding, in the order of <c>embed.inputs</c>; at least 1.</summary>
    public required IReadOnlyList<QFormerBlock> Blocks { get; init; }

    /// <inheritdoc/>
    public override string Kind => Name;

    /// <inheritdoc/>
    internal override string VectorsWord => "length";

    /// <inheritdoc/>
    public override IReadOnlyList<string> Inputs => [.. Blocks.SelectMany(b => new[] { b.Tokens, b.Mask })];

    /// <summary>Reads the keys of a manifest; adds errors to <paramref name="problems"/>.</summary>
    internal static QFormerManifest Read(ManifestKeys top, string canonical, Problems problems)
    {
        AllowOnly(top, "blocks");
        string onnx = top.FileName("onnx");
        IReadOnlyList<string> data = top.FileNames("data");
        Quantization quantization = ReadQuantization(top);
        int dimensions = ReadDimensions(top);
        QFormerBlock[] blocks = [.. top.Sections("blocks").Select(QFormerBlock.Read)];
        ManifestKeys outputs = top.Section("outputs");
        outputs.AllowOnly("pooled");
        string pooled = outputs.Name("pooled") ?? outputs.Missing("pooled");
        return new QFormerManifest
        {
            Onnx = onnx,
            Data = data,
            Quantization = quantization,
            Dimensions = dimensions,
            Blocks = blocks,
            PooledOutput = pooled,
            TokensOutput = null,
            Canonical = canonical,
        };
    }
}

/// <summary>One element of <c>blocks</c>: the token vectors of a block.</summary>
public sealed record QFormerBlock
{
    /// <summary>Length of a vector.</summary>
    public required int Dimensions { get; init; }

    /// <summary>Name of the float input [batch, length, dimensions].</summary>
    public required string Tokens { get; init; }

    /// <summary>Name of the float input [batch, length] that is 1 for each token, else 0.</summary>
    public required string Mask { get; init; }

    /// <summary>Reads the element's keys.</summary>
    internal static QFormerBlock Read(ManifestKeys keys)
    {
        keys.AllowOnly("dimensions", "tokens", "mask");
        return new QFormerBlock
        {
            Dimensions = keys.Whole("dimensions", 1, 65_536),
            Tokens = keys.Name("tokens") ?? keys.Missing("tokens"),
            Mask = keys.Name("mask") ?? keys.Missing("mask"),
        };
    }
}
