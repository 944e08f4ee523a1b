namespace OneRec.Pipeline.Tables;

/// <summary>A codebook by name.</summary>
/// <param name="CodebookId">16 hex characters, of its content.</param>
/// <param name="ModelId">The model whose embeddings it divides.</param>
/// <param name="Published">Whether it is the published one.</param>
public sealed record Codebook(string CodebookId, string ModelId, bool Published);
