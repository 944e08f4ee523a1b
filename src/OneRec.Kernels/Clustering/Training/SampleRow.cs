using Apache.Arrow;
using OneRec.Kernels.Clustering.Batches;
using OneRec.Kernels.Clustering.Rows;

namespace OneRec.Kernels.Clustering.Training;

/// <summary>A training row drawn for init.</summary>
/// <param name="Hash">Its <c>init</c> hash.</param>
/// <param name="Id">Its item.</param>
/// <param name="Vector">[d].</param>
public sealed record SampleRow(long Hash, ItemId Id, float[] Vector)
{
    /// <summary>The order of init: (hash, id).</summary>
    public static IComparer<SampleRow> InitOrder { get; } = Comparer<SampleRow>.Create((a, b) =>
        a.Hash != b.Hash ? a.Hash.CompareTo(b.Hash) : a.Id.CompareTo(b.Id));

    /// <summary>Reads training rows into the order of init.</summary>
    /// <param name="batches">Columns by name: <c>item_id</c>, <c>init_hash</c>, <c>vector</c>; disposed here.</param>
    public static List<SampleRow> Read(IEnumerable<RecordBatch> batches)
    {
        ArgumentNullException.ThrowIfNull(batches);
        var rows = new List<SampleRow>();
        foreach (RecordBatch batch in batches)
        {
            using (batch)
            {
                IdColumn ids = IdColumn.Of(KernelColumns.Find(batch, "item_id", "sample"));
                var hashes = (Int64Array)KernelColumns.Find(batch, "init_hash", "sample");
                VectorColumn vectors = VectorColumn.Of(KernelColumns.Find(batch, "vector", "sample"));
                for (int row = 0; row < batch.Length; row++)
                {
                    rows.Add(new SampleRow(hashes.Values[row], ids[row], vectors[row].ToArray()));
                }
            }
        }

        rows.Sort(InitOrder);
        return rows;
    }
}
