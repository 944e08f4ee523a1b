namespace OneRec.Export.Ids;

/// <summary>Where exported IDs come from.</summary>
/// <param name="CodebookId">The codebook.</param>
/// <param name="ModelId">The model whose embeddings it quantizes.</param>
/// <param name="IsPublished">Whether it is the published codebook.</param>
/// <param name="Generation">Its newest generation; null if it never was published.</param>
/// <param name="Versions">The newest version that changed rows, of each table that was read.</param>
public sealed record IdOrigin(
    string CodebookId, string ModelId, bool IsPublished, long? Generation, IReadOnlyDictionary<string, long> Versions);
