namespace OneRec.Kernels.Pairs;

/// <summary>Scores by (item, similar item): the partners of an item, best first. Immutable, so threads share it.</summary>
/// <remarks>Items are dense indices; 12 bytes a row.</remarks>
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

    /// <summary>Sorts rows given in any order.</summary>
    /// <param name="items">Item of each row.</param>
    /// <param name="partners">Similar item of each row.</param>
    /// <param name="scores">Score of each row; higher is more similar; not NaN.</param>
    /// <param name="itemCount">Every index is below it.</param>
    /// <exception cref="ArgumentException">Lengths differ, a pair comes twice, or a score is NaN.</exception>
    public static SimilarityTable FromRows(
        ReadOnlySpan<int> items, ReadOnlySpan<int> partners, ReadOnlySpan<double> scores, int itemCount)
    {
        if (items.Length != partners.Length || items.Length != scores.Length)
        {
            throw new ArgumentException("items, partners and scores differ in length");
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

        // Rows of item_similarity mostly come ranked already.
        var lastItem = new int[itemCount];
        Array.Fill(lastItem, -1);
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
                    throw new ArgumentException("the similarity has a pair of items twice");
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

    /// <summary>The similar items of an item, by score descending; in no order among equal scores.</summary>
    public ReadOnlySpan<int> Partners(int item) => _partners.AsSpan(_start[item], _start[item + 1] - _start[item]);

    /// <summary>Scores beside <see cref="Partners"/>.</summary>
    public ReadOnlySpan<double> Scores(int item) => _scores.AsSpan(_start[item], _start[item + 1] - _start[item]);
}
