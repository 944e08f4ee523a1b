namespace OneRec.Scoring.Embedding;

/// <summary>An item's text fields through a text model: one vector.</summary>
public sealed record TextBlock : ModelBlock
{
    /// <summary>Fields in order, at least 1.</summary>
    public required IReadOnlyList<TextField> Fields { get; init; }

    /// <summary>Text between fields.</summary>
    public string Separator { get; init; } = ". ";
}
