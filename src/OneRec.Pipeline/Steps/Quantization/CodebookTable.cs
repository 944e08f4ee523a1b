using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Apache.Arrow;
using OneRec.Core;
using OneRec.Kernels.Clustering.Batches;
using OneRec.Kernels.Clustering.Training;
using OneRec.Pipeline.Tables;

namespace OneRec.Pipeline.Steps.Quantization;

/// <summary>Codebooks as rows of table <c>codebooks</c>, and their ids.</summary>
public static class CodebookTable
{
    // Bytes of centroids per batch, well below the 64 MiB limit of a record batch.
    private const int BatchBytes = 16 << 20;

    /// <summary>
    /// The id of a codebook: the first 16 hex digits of the SHA-256 of model, levels, sizes and centroids
    /// (docs/method/rq-kmeans.md).
    /// </summary>
    /// <param name="modelId">The model.</param>
    /// <param name="levels">Centroids by level: [k, dims], row-major.</param>
    /// <param name="dims">Dimensions of a centroid.</param>
    public static string IdOf(string modelId, IReadOnlyList<float[]> levels, int dims)
    {
        ArgumentNullException.ThrowIfNull(levels);
        using var sha = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        sha.AppendData(Encoding.UTF8.GetBytes(modelId));
        sha.AppendData([0]);
        Span<byte> word = stackalloc byte[sizeof(int)];
        foreach (int number in (int[])[levels.Count, .. levels.Select(l => l.Length / dims)])
        {
            BinaryPrimitives.WriteInt32LittleEndian(word, number);
            sha.AppendData(word);
        }

        foreach (float value in levels.SelectMany(l => l))
        {
            BinaryPrimitives.WriteSingleLittleEndian(word, value);
            sha.AppendData(word);
        }

        return Convert.ToHexStringLower(sha.GetHashAndReset())[..16];
    }

    /// <summary>The rows of a trained codebook.</summary>
    public static IReadOnlyList<RecordBatch> RowsOf(string codebookId, string modelId, IReadOnlyList<TrainedLevel> levels, int dims)
    {
        ArgumentNullException.ThrowIfNull(levels);
        Schema schema = OneRecTables.Codebooks().Schema;
        var batches = new List<RecordBatch>();
        int step = Math.Max(1, BatchBytes / (dims * sizeof(float)));
        for (int level = 0; level < levels.Count; level++)
        {
            int k = levels[level].Items.Length;
            for (int first = 0; first < k; first += step)
            {
                int n = Math.Min(step, k - first);
                IEnumerable<string> Same(string text) => Enumerable.Repeat(text, n);
                batches.Add(new RecordBatch(
                    schema,
                    [
                        new StringArray.Builder().AppendRange(Same(codebookId)).Build(),
                        new StringArray.Builder().AppendRange(Same(modelId)).Build(),
                        new Int32Array.Builder().AppendRange(Enumerable.Repeat(level, n)).Build(),
                        new Int32Array.Builder().AppendRange(Enumerable.Range(first, n)).Build(),
                        ListColumns.Floats(levels[level].Centroids[(first * dims)..((first + n) * dims)], n),
                        new Int64Array.Builder().AppendRange(levels[level].Items[first..(first + n)]).Build(),
                    ],
                    n));
            }
        }

        return batches;
    }

    /// <summary>The centroids of a codebook: <c>level</c>, <c>code</c>, <c>centroid</c>.</summary>
    /// <param name="engine">The engine.</param>
    /// <param name="codebooks">Table <c>codebooks</c>.</param>
    /// <param name="codebookId">The codebook.</param>
    public static IRelation Relation(IQueryEngine engine, IRelation codebooks, string codebookId)
    {
        ArgumentNullException.ThrowIfNull(engine);
        return engine.Sql(
            SqlScript.Load(typeof(CodebookTable), "codebook_rows.sql").With("codebook_id", codebookId), ("codebooks", codebooks));
    }

    /// <summary>Reads a codebook and verifies it: its id is a hash of its content.</summary>
    /// <param name="engine">The engine.</param>
    /// <param name="codebooks">Table <c>codebooks</c>.</param>
    /// <param name="codebook">The codebook.</param>
    /// <returns>Centroids by level: [k, dims], row-major; and dims.</returns>
    /// <exception cref="OneRecException">Table error <c>codebook.damaged</c>.</exception>
    public static (IReadOnlyList<float[]> Levels, int Dims) Read(IQueryEngine engine, IRelation codebooks, Codebook codebook)
    {
        ArgumentNullException.ThrowIfNull(engine);
        ArgumentNullException.ThrowIfNull(codebook);
        using IMaterializedRelation rows = engine.Materialize(Relation(engine, codebooks, codebook.CodebookId));
        IReadOnlyList<float[]> levels = CodebookRows.Read(engine.Collect(rows));
        int dims = CodebookRows.DimsOf(engine.Collect(rows));
        string id = IdOf(codebook.ModelId, levels, dims);
        return id == codebook.CodebookId
            ? (levels, dims)
            : throw OneRecException.Table(
                "codebook.damaged",
                $"codebooks: codebook {codebook.CodebookId} is damaged (its content has the id {id}); train it again");
    }
}
