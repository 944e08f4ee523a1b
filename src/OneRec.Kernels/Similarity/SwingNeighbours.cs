namespace OneRec.Kernels.Similarity;

/// <summary>The similar items of a block of consecutive targets, best first.</summary>
/// <remarks>Allocated once and filled block after block.</remarks>
public sealed class SwingNeighbours
{
    private readonly int[] _similar;
    private readonly double[] _scores;
    private readonly int[] _common;
    private readonly int[] _counts;
    private readonly int _stride;

    /// <summary>Room for a block.</summary>
    /// <param name="targets">Targets of a block at most.</param>
    /// <param name="perTarget">Similar items of a target at most.</param>
    public SwingNeighbours(int targets, int perTarget)
    {
        _stride = perTarget;
        _counts = new int[targets];
        _similar = new int[checked(targets * perTarget)];
        _scores = new double[targets * perTarget];
        _common = new int[targets * perTarget];
    }

    /// <summary>Targets that there is room for.</summary>
    public int Capacity => _counts.Length;

    /// <summary>Bytes that such a block takes.</summary>
    public static long Bytes(long targets, long perTarget) => targets * (4 + (16 * perTarget));

    /// <summary>Number of similar items of a target.</summary>
    /// <param name="target">Counted from the block's start.</param>
    public int Count(int target) => _counts[target];

    /// <summary>Similar items by (score descending, index ascending).</summary>
    public ReadOnlySpan<int> Similar(int target) => _similar.AsSpan(target * _stride, _counts[target]);

    /// <summary>Scores beside <see cref="Similar"/>.</summary>
    public ReadOnlySpan<double> Scores(int target) => _scores.AsSpan(target * _stride, _counts[target]);

    /// <summary>Users shared, beside <see cref="Similar"/>.</summary>
    public ReadOnlySpan<int> Common(int target) => _common.AsSpan(target * _stride, _counts[target]);

    /// <summary>Keeps the best of a target's candidates.</summary>
    /// <param name="target">Counted from the block's start.</param>
    /// <param name="items">Candidates, in any order.</param>
    /// <param name="shared">Users that each shares with the target.</param>
    /// <param name="sums">The score of each.</param>
    /// <param name="parameters">What to keep.</param>
    internal void Select(
        int target,
        ReadOnlySpan<int> items,
        ReadOnlySpan<int> shared,
        ReadOnlySpan<double> sums,
        SwingParameters parameters)
    {
        int at = target * _stride;
        Span<int> similar = _similar.AsSpan(at, _stride);
        Span<double> scores = _scores.AsSpan(at, _stride);
        Span<int> common = _common.AsSpan(at, _stride);
        int kept = 0;
        for (int s = 0; s < items.Length; s++)
        {
            if (shared[s] < parameters.MinCommonUsers)
            {
                continue;
            }

            if (kept < _stride)
            {
                (similar[kept], scores[kept], common[kept]) = (items[s], sums[s], shared[s]);
                kept++;
                if (kept == _stride)
                {
                    for (int node = (kept / 2) - 1; node >= 0; node--)
                    {
                        Sink(node, kept, similar, scores, common);
                    }
                }
            }
            else if (Better(sums[s], items[s], scores[0], similar[0]))
            {
                (similar[0], scores[0], common[0]) = (items[s], sums[s], shared[s]);
                Sink(0, kept, similar, scores, common);
            }
        }

        if (kept < _stride)
        {
            for (int node = (kept / 2) - 1; node >= 0; node--)
            {
                Sink(node, kept, similar, scores, common);
            }
        }

        for (int last = kept - 1; last > 0; last--)
        {
            Swap(0, last, similar, scores, common);
            Sink(0, last, similar, scores, common);
        }

        _counts[target] = kept;
        if (parameters.NormalizeByBest && kept > 0)
        {
            double best = scores[0];
            for (int r = 0; r < kept; r++)
            {
                scores[r] /= best;
            }
        }
    }

    private static bool Better(double score, int item, double other, int otherItem) =>
        score > other || (score == other && item < otherItem);

    /// <summary>Restores a heap whose root is the worst.</summary>
    private static void Sink(int node, int length, Span<int> similar, Span<double> scores, Span<int> common)
    {
        while (true)
        {
            int worst = node;
            int left = (2 * node) + 1;
            for (int child = left; child <= left + 1 && child < length; child++)
            {
                if (Better(scores[worst], similar[worst], scores[child], similar[child]))
                {
                    worst = child;
                }
            }

            if (worst == node)
            {
                return;
            }

            Swap(node, worst, similar, scores, common);
            node = worst;
        }
    }

    private static void Swap(int a, int b, Span<int> similar, Span<double> scores, Span<int> common)
    {
        (similar[a], similar[b]) = (similar[b], similar[a]);
        (scores[a], scores[b]) = (scores[b], scores[a]);
        (common[a], common[b]) = (common[b], common[a]);
    }
}
