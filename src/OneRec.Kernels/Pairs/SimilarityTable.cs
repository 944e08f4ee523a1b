using Apache.Arrow;
using OneRec.Core;
using OneRec.Kernels.Batches;
using OneRec.Kernels.Ids;

namespace OneRec.Kernels.Pairs;

/// <summary>Scores by (item, similar item): the partners of each item, best first. Immutable, so threads can share it.</summary>
/// <remarks>Items are dense indices; 12 bytes per row.</remarks>
public sealed class SimilarityTable
{
    private readonly int[] _start;
    private readonly int[] _partners;
    private readonly double[] _scores;

    private SimilarityTable(int[] start, int[] partners, double[] scores)
    {
        _start = start;
        _partners = partners;
        _scores = scores;
    }

    /// <summary>Number of items.</summary>
    public int Items => _start.Length - 1;

    /// <summary>Builds the table from rows in any order.</summary>
    /// <param name="items">Item of each row.</param>
    /// <param name="partners">Similar item of each row.</param>
    /// <param name="scores">Score of each row; higher is more similar; not NaN.</param>
    /// <param name="itemCount">Number of items; every index is below it.</param>
    /// <exception cref="ArgumentException">Lengths differ, a pair is duplicated, or a score is NaN.</exception>
    public static SimilarityTable FromRows(
        ReadOnlySpan<int> items, ReadOnlySpan<int> partners, ReadOnlySpan<double> scores, int itemCount)
    {
        if (items.Length != partners.Length || items.Length != scores.Length)
        {
            throw new ArgumentException("items, partners and scores have different lengths");
        }

        var start = new int[itemCount + 1];
        foreach (int item in items)
        {
            start[item + 1]++;
        }

        for (int i = 0; i < itemCount; i++)
        {
            start[i + 1] += start[i];
        }

        int[] next = start[..^1];
        var sortedPartners = new int[items.Length];
        var sortedScores = new double[items.Length];
        for (int row = 0; row < items.Length; row++)
        {
            int at = next[items[row]]++;
            sortedPartners[at] = partners[row];
            sortedScores[at] = !double.IsNaN(scores[row]) ? scores[row] : throw new ArgumentException("a score is NaN");
        }

        // Rows of item_similarity are mostly sorted already.
        var lastItem = new int[itemCount];
        System.Array.Fill(lastItem, -1);
        for (int i = 0; i < itemCount; i++)
        {
            Span<int> own = sortedPartners.AsSpan(start[i], start[i + 1] - start[i]);
            Span<double> ownScores = sortedScores.AsSpan(start[i], own.Length);
            bool descending = true;
            for (int p = 0; p < own.Length; p++)
            {
                descending &= p == 0 || ownScores[p] <= ownScores[p - 1];
                if (lastItem[own[p]] == i)
                {
                    throw new ArgumentException("the similarity contains a pair of items twice");
                }

                lastItem[own[p]] = i;
            }

            if (!descending)
            {
                ownScores.Sort(own);
                ownScores.Reverse();
                own.Reverse();
            }
        }

        return new SimilarityTable(start, sortedPartners, sortedScores);
    }

    /// <summary>The similar items of an item, by score descending; the order of equal scores is undefined.</summary>
    public ReadOnlySpan<int> Partners(int item) => _partners.AsSpan(_start[item], _start[item + 1] - _start[item]);

    /// <summary>The scores of <see cref="Partners"/>.</summary>
    public ReadOnlySpan<double> Scores(int item) => _scores.AsSpan(_start[item], _start[item + 1] - _start[item]);
}

/// <summary>Reads the side input <c>similarity</c>.</summary>
internal static class SimilarityReader
{
    /// <summary>The table, and the ids of its indices; null ids if there are no rows.</summary>
    /// <remarks>Items are numbered in the order read. Which id is lower follows from the order of the clicks, not the number.</remarks>
    /// <exception cref="OneRecException">The side input does not fit in the budget.</exception>
    public static (IdSet? Ids, SimilarityTable Table) Read(KernelContext context)
    {
        IdSet? ids = null;
        var items = new List<int>();
        var partners = new List<int>();
        var scores = new List<double>();
        foreach (RecordBatch batch in context.Side("similarity"))
        {
            IArrowArray left = BatchColumns.Find(batch, "item_id");
            IArrowArray right = BatchColumns.Find(batch, "similar_item_id");
            var values = BatchColumns.FindNonNull<DoubleArray>(batch, "score");
            ids ??= IdSet.For(left.Data.DataType);
            for (int row = 0; row < batch.Length; row++)
            {
                items.Add(ids.Add(left, row));
                partners.Add(ids.Add(right, row));
                scores.Add(values.GetValue(row)!.Value);
            }

            // Lists that grow by doubling, and the sorted table made from them.
            long needed = (44L * items.Count) + ids.Bytes;
            if (needed > context.MemoryBudget)
            {
                throw OneRecException.Configuration(
                    "pairs.memory",
                    $"pairs: {items.Count} rows of item_similarity (so far) need {needed >> 20} MiB of memory, but only "
                        + $"{context.MemoryBudget >> 20} MiB are available; raise memoryLimit, or lower swing.topK");
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
