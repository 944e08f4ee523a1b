namespace OneRec.Scoring.Embedding;

/// <summary>An item's images through an image model: the mean of their vectors.</summary>
public sealed record ImageBlock : ModelBlock
{
    /// <summary>
    /// The input column: <c>images</c>, the files' bytes as list of binary, or <c>image_paths</c>, their paths as text, one a
    /// line; in order of position.
    /// </summary>
    public string Column { get; init; } = ImageColumn.Bytes;

    /// <summary>The folder that relative paths start from; null: the working directory.</summary>
    public string? Root { get; init; }

    /// <summary>Most images of an item, the first by position; at least 1.</summary>
    public int Most { get; init; } = 6;
}
