namespace OneRec.Kernels.Clustering;

/// <summary>Encodes vectors with a codebook: at each level, finds the centroid nearest to the residual of the levels before.</summary>
/// <remarks>A row's codes do not depend on its position, the block size or the threads.</remarks>
public sealed class RqEncoder : IDisposable
{
    private readonly IReadOnlyList<float[]> _centroids;
    private readonly NearestCentroid[] _nearest;

    /// <summary>Prepares a codebook.</summary>
    /// <param name="levels">Per level: [k, dims] row-major, finite.</param>
    /// <param name="dims">Dimensions of a vector.</param>
    public RqEncoder(IReadOnlyList<float[]> levels, int dims)
    {
        ArgumentNullException.ThrowIfNull(levels);
        _centroids = levels;
        Dims = dims;
        _nearest = [.. levels.Select(level => new NearestCentroid(level, dims))];
    }

    /// <summary>Dimensions of a vector.</summary>
    public int Dims { get; }

    /// <summary>Number of levels.</summary>
    public int Levels => _nearest.Length;

    /// <summary>Encodes rows.</summary>
    /// <param name="rows">[n, Dims] row-major, finite.</param>
    /// <param name="codes">Out [n, Levels] row-major.</param>
    /// <param name="errors">Out [n, Levels]: the distance at each level.</param>
    /// <param name="threads">Threads to use.</param>
    /// <param name="cancellation">Checked between blocks.</param>
    public void Encode(
        ReadOnlySpan<float> rows,
        Span<int> codes,
        Span<double> errors,
        int threads,
        CancellationToken cancellation)
    {
        int n = rows.Length / Dims;
        float[] left = rows.ToArray();
        var levelCodes = new int[n];
        var levelErrors = new double[n];
        for (int level = 0; level < Levels; level++)
        {
            _nearest[level].Find(left, levelCodes, levelErrors, threads, cancellation);
            for (int row = 0; row < n; row++)
            {
                codes[(row * Levels) + level] = levelCodes[row];
                errors[(row * Levels) + level] = levelErrors[row];
            }

            if (level < Levels - 1)
            {
                Residual.Subtract(left, _centroids[level], levelCodes, Dims);
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (NearestCentroid nearest in _nearest)
        {
            nearest.Dispose();
        }
    }
}
