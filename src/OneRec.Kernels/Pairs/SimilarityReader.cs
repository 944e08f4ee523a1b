using Apache.Arrow;
using OneRec.Core;
using OneRec.Kernels.Batches;
using OneRec.Kernels.Ids;

namespace OneRec.Kernels.Pairs;

/// <summary>Reads the side input <c>similarity</c>.</summary>
internal static class SimilarityReader
{
    /// <summary>The table and the ids of its indices; no ids where it has no row.</summary>
    /// <remarks>Items are numbered as met: lower ids are told by the order of clicks, not by these numbers.</remarks>
    /// <exception cref="OneRecException">It does not fit the budget.</exception>
    public static (IdSet? Ids, SimilarityTable Table) Read(KernelContext context)
    {
        IdSet? ids = null;
        var items = new List<int>();
        var partners = new List<int>();
        var scores = new List<double>();
        foreach (RecordBatch batch in context.Side("similarity"))
        {
            IArrowArray left = BatchColumns.Named(batch, "item_id");
            IArrowArray right = BatchColumns.Named(batch, "similar_item_id");
            var values = BatchColumns.Full<DoubleArray>(batch, "score");
            ids ??= IdSet.For(left.Data.DataType);
            for (int row = 0; row < batch.Length; row++)
            {
                items.Add(ids.Add(left, row));
                partners.Add(ids.Add(right, row));
                scores.Add(values.GetValue(row)!.Value);
            }

            // Lists that double, and the sorted table made from them.
            long needed = (44L * items.Count) + ids.Bytes;
            if (needed > context.MemoryBudget)
            {
                throw OneRecException.Configuration(
                    "pairs.memory",
                    $"pairs: {items.Count} rows of item_similarity (so far) need {needed >> 20} MiB of memory, and "
                        + $"{context.MemoryBudget >> 20} MiB are to be used; raise memoryLimit, or lower swing.topK");
            }
        }

        SimilarityTable table = SimilarityTable.FromRows(
            System.Runtime.InteropServices.CollectionsMarshal.AsSpan(items),
            System.Runtime.InteropServices.CollectionsMarshal.AsSpan(partners),
            System.Runtime.InteropServices.CollectionsMarshal.AsSpan(scores),
            ids?.Count ?? 0);
        return (ids, table);
    }
}
