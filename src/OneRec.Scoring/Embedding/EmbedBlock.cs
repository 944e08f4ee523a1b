using System.Text.Json.Serialization;

namespace OneRec.Scoring.Embedding;

/// <summary>One block of an item's embedding: a source of vectors whose mean is one part of the embedding.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "block", UnknownDerivedTypeHandling = JsonUnknownDerivedTypeHandling.FailSerialization)]
[JsonDerivedType(typeof(TextBlock), "text")]
[JsonDerivedType(typeof(TokenBlock), "tokens")]
[JsonDerivedType(typeof(ImageBlock), "image")]
public abstract record EmbedBlock
{
    private protected EmbedBlock()
    {
    }

    /// <summary>The factor for the block's vector.</summary>
    public double Weight { get; init; } = 1;
}

/// <summary>A block whose vectors come from a model.</summary>
public abstract record ModelBlock : EmbedBlock
{
    private protected ModelBlock()
    {
    }

    /// <summary>Full path of the model folder.</summary>
    public required string Folder { get; init; }

    /// <summary>Full path of a manifest elsewhere; null for the one in the folder.</summary>
    public string? Manifest { get; init; }

    /// <summary>The model.</summary>
    /// <exception cref="Core.OneRecException">The folder does not exist, or the manifest is invalid.</exception>
    internal Models.ModelFolder Open() => Models.ModelFolder.Open(Folder, Manifest);
}

/// <summary>An item's text fields, encoded by a text model: one vector.</summary>
public sealed record TextBlock : ModelBlock
{
    /// <summary>The fields in order, at least 1.</summary>
    public required IReadOnlyList<TextField> Fields { get; init; }

    /// <summary>The text between fields.</summary>
    public string Separator { get; init; } = ". ";
}

/// <summary>A text column of the input.</summary>
/// <param name="Name">The column.</param>
/// <param name="Budget">Maximum tokens of the field; null for as many as the model allows.</param>
public sealed record TextField(string Name, int? Budget = null);

/// <summary>An item's images, encoded by an image model: the mean of their vectors.</summary>
public sealed record ImageBlock : ModelBlock
{
    /// <summary>
    /// The input column: <c>images</c>, the contents of the files as a list of binary, or <c>image_paths</c>, their paths as
    /// text, one per line with line breaks escaped (<c>JoinedTexts</c>); in order of position.
    /// </summary>
    public string Column { get; init; } = ImageColumn.Bytes;

    /// <summary>The folder for relative paths; null for the working directory.</summary>
    public string? Root { get; init; }

    /// <summary>The folder that files must lie under, symbolic links followed; null for <see cref="Root"/>.</summary>
    public string? Within { get; init; }

    /// <summary>Maximum images per item, the first by position; at least 1.</summary>
    public int Most { get; init; } = 6;
}

/// <summary>
/// Given token vectors: an input column with a list of vectors per item; or with float16 [n_tokens, dim] as bytes and these
/// two numbers in their own columns.
/// </summary>
public sealed record TokenBlock : EmbedBlock
{
    /// <summary>The input column.</summary>
    public string Column { get; init; } = "tokens";

    /// <summary>Dimensions of a vector, at least 1; in a row, another length is reported as that row's problem.</summary>
    public required int Dimensions { get; init; }
}
