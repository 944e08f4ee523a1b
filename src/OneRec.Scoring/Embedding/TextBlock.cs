namespace OneRec.Scoring.Embedding;

/// <summary>An item's text fields through a text model: one vector.</summary>
public sealed record TextBlock : EmbedBlock
{
    /// <summary>Full path of the model folder.</summary>
    public required string Folder { get; init; }

    /// <summary>Full path of a manifest elsewhere; null: the one in the folder.</summary>
    public string? Manifest { get; init; }

    /// <summary>Fields in order, at least 1.</summary>
    public required IReadOnlyList<TextField> Fields { get; init; }

    /// <summary>Text between fields.</summary>
    public string Separator { get; init; } = ". ";
}
