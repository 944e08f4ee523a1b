using Apache.Arrow;

namespace OneRec.Scoring.Tests.Embedding;

/// <summary>One output row of the kernel.</summary>
public sealed record EmbedOutputRow(string Id, string Hash, float[]? Embedding, int BlocksMissing, string? Problem)
{
    /// <summary>The rows of output batches, which are disposed.</summary>
    public static List<EmbedOutputRow> Read(IEnumerable<RecordBatch> batches)
    {
        var rows = new List<EmbedOutputRow>();
        foreach (RecordBatch batch in batches)
        {
            using (batch)
            {
                var embeddings = (ListArray)batch.Column(2);
                for (int i = 0; i < batch.Length; i++)
                {
                    string id = batch.Column(0) is Int64Array n ? $"{n.GetValue(i)}" : ((StringArray)batch.Column(0)).GetString(i);
                    float[]? vector = embeddings.IsNull(i)
                        ? null
                        : ((FloatArray)embeddings.Values).Values[embeddings.ValueOffsets[i]..embeddings.ValueOffsets[i + 1]].ToArray();
                    rows.Add(new EmbedOutputRow(
                        id,
                        ((StringArray)batch.Column(1)).GetString(i),
                        vector,
                        ((Int32Array)batch.Column(3)).GetValue(i)!.Value,
                        ((StringArray)batch.Column(4)).GetString(i)));
                }
            }
        }

        return rows;
    }
}
