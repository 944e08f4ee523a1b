namespace OneRec.Kernels.Similarity;

/// <summary>The similar items of a block of consecutive targets, best first.</summary>
/// <remarks>Allocated once and reused for each block.</remarks>
public sealed class SwingNeighbours
{
    private readonly SwingNeighbour[] _rows;
    private readonly int[] _counts;
    private readonly int _stride;

    /// <summary>Allocates a block.</summary>
    /// <param name="targets">Maximum targets per block.</param>
    /// <param name="perTarget">Maximum similar items per target.</param>
    public SwingNeighbours(int targets, int perTarget)
    {
        _stride = perTarget;
        _counts = new int[targets];
        _rows = new SwingNeighbour[checked(targets * perTarget)];
    }

    /// <summary>Maximum targets.</summary>
    public int Capacity => _counts.Length;

    /// <summary>Maximum similar items per target.</summary>
    internal int PerTarget => _stride;

    /// <summary>Bytes of a block of that size.</summary>
    public static long Bytes(long targets, long perTarget) => targets * (4 + (16 * perTarget));

    /// <summary>The similar items of a target by (score descending, item ascending).</summary>
    /// <param name="target">Index within the block.</param>
    public ReadOnlySpan<SwingNeighbour> Of(int target) => _rows.AsSpan(target * _stride, _counts[target]);

    /// <summary>The buffer for a target's rows.</summary>
    /// <param name="target">Index within the block.</param>
    internal Span<SwingNeighbour> Room(int target) => _rows.AsSpan(target * _stride, _stride);

    /// <summary>Declares the first elements of a target's buffer to be its rows, and normalizes them if requested.</summary>
    /// <param name="target">Index within the block.</param>
    /// <param name="count">Number of rows, best first.</param>
    /// <param name="parameters">Whether scores are divided by the best.</param>
    internal void Close(int target, int count, SwingParameters parameters)
    {
        _counts[target] = count;
        if (!parameters.NormalizeByBest || count == 0)
        {
            return;
        }

        Span<SwingNeighbour> rows = Room(target)[..count];
        double greatest = rows[0].Score;
        foreach (ref SwingNeighbour row in rows)
        {
            row = row with { Score = row.Score / greatest };
        }
    }
}

/// <summary>An item similar to a target.</summary>
/// <param name="Score">Its score.</param>
/// <param name="Item">The item.</param>
/// <param name="Common">Number of users it has in common with the target.</param>
public readonly record struct SwingNeighbour(double Score, int Item, int Common)
{
    /// <summary>Whether this one ranks before another: by score descending, then item ascending.</summary>
    public bool IsBefore(in SwingNeighbour other) =>
        Score > other.Score || (Score == other.Score && Item < other.Item);
}
