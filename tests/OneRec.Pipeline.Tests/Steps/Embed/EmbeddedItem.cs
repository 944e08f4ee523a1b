namespace OneRec.Pipeline.Tests.Steps.Embed;

/// <summary>A row of <c>item_embeddings</c>.</summary>
internal sealed record EmbeddedItem(long Id, string Hash, string ModelId, float[] Embedding);
