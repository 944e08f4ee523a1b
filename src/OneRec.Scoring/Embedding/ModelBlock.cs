namespace OneRec.Scoring.Embedding;

/// <summary>A block whose vectors come from a model.</summary>
public abstract record ModelBlock : EmbedBlock
{
    private protected ModelBlock()
    {
    }

    /// <summary>Full path of the model folder.</summary>
    public required string Folder { get; init; }

    /// <summary>Full path of a manifest elsewhere; null: the one in the folder.</summary>
    public string? Manifest { get; init; }

    /// <summary>The model.</summary>
    /// <exception cref="Core.OneRecException">No folder there, or a manifest that does not hold.</exception>
    internal Models.ModelFolder Open() => Models.ModelFolder.Open(Folder, Manifest);
}
