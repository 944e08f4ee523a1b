namespace OneRec.Scoring.Embedding;

/// <summary>Some rows of a batch, worked on by one thread.</summary>
/// <param name="Input">The batch; it lives until the last of its chunks is done.</param>
/// <param name="Start">Its first row.</param>
/// <param name="Count">Rows, at least 1.</param>
internal sealed record EmbedChunk(EmbedBatch Input, int Start, int Count)
{
    /// <summary>Bytes of the rows, by the batch's mean row.</summary>
    public long Bytes => Input.Bytes * Count / Input.Count;
}
