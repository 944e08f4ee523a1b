namespace OneRec.Kernels.Similarity;

/// <summary>The similar items of a block of consecutive targets, best first.</summary>
/// <remarks>Allocated once and filled block after block.</remarks>
public sealed class SwingNeighbours
{
    private readonly SwingNeighbour[] _rows;
    private readonly int[] _counts;
    private readonly int _stride;

    /// <summary>Room for a block.</summary>
    /// <param name="targets">Targets of a block at most.</param>
    /// <param name="perTarget">Similar items of a target at most.</param>
    public SwingNeighbours(int targets, int perTarget)
    {
        _stride = perTarget;
        _counts = new int[targets];
        _rows = new SwingNeighbour[checked(targets * perTarget)];
    }

    /// <summary>Targets that there is room for.</summary>
    public int Capacity => _counts.Length;

    /// <summary>Similar items of a target at most.</summary>
    internal int PerTarget => _stride;

    /// <summary>Bytes that such a block takes.</summary>
    public static long Bytes(long targets, long perTarget) => targets * (4 + (16 * perTarget));

    /// <summary>The similar items of a target by (score descending, item ascending).</summary>
    /// <param name="target">Counted from the block's start.</param>
    public ReadOnlySpan<SwingNeighbour> Of(int target) => _rows.AsSpan(target * _stride, _counts[target]);

    /// <summary>The room of a target's rows.</summary>
    /// <param name="target">Counted from the block's start.</param>
    internal Span<SwingNeighbour> Room(int target) => _rows.AsSpan(target * _stride, _stride);

    /// <summary>Makes the first of a target's room its rows, and normalises them where that is asked for.</summary>
    /// <param name="target">Counted from the block's start.</param>
    /// <param name="count">Rows, best first.</param>
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
