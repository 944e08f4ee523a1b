namespace OneRec.Kernels.Clustering.Nearest;

/// <summary>The error bound of screening scores; derived, not measured.</summary>
/// <remarks>
/// u = 2^-24; g(m) = m u / (1 - m u); x', c' are a row and a centroid after FP32 subtraction of the centre; a &gt;= |x'|;
/// C &gt;= |c'| for every centroid. The score is s = fl(x'.c' - |c'|^2 / 2); s* is the same in real arithmetic, so
/// |x' - c'|^2 = |x'|^2 - 2 s*. With P = C^2 / 2 + a C:
/// <list type="number">
/// <item>s is a chain of d multiply-adds, each rounded once (fused) or twice, from a start value rounded once. By the
/// standard error analysis of inner products and Cauchy-Schwarz, |s - s*| &lt;= E1 = g(2d + 4) P + (2d + 2) 2^-149; the
/// last term covers subnormal results.</item>
/// <item>Subtracting the centre rounds each number once and never underflows: x' - c' = (x - c) + e with
/// |e| &lt;= u (a + C) / (1 - u). So | |x' - c'|^2 - |x - c|^2 | / 2 &lt;= E2 = 1.001 u (a + C)^2.</item>
/// <item>The exact distance D is a double sum of d squares: |D - |x - c|^2| / 2 &lt;= E3 = (d + 3) 2^-54 1.001 (a + C)^2.</item>
/// <item>The threshold, the best score minus slack, is rounded once: E4 = 2 u P.</item>
/// </list>
/// If D_i &lt;= D_j then s_i &gt;= s_j - 2 (E1 + E2 + E3). So with slack = 2 (E1 + E2 + E3) + E4, a code whose score is more
/// than the slack below the best score has a greater D than the code with that score: it is neither nearest nor tied.
/// The factor 1.01 covers the rounding of this computation itself.
/// </remarks>
internal readonly struct ScreeningBound
{
    private const double U = 1.0 / (1 << 24);

    // Scores stay below this, so that no product or sum in the chain overflows.
    private const double Greatest = 1e37;

    private readonly int _dims;
    private readonly double _centroid;
    private readonly double _chain;
    private readonly double _normFactor;

    /// <summary>The bound for centroids with a given maximum norm.</summary>
    /// <param name="dims">d, below 2^21.</param>
    /// <param name="centroidNorm">The maximum norm of a packed centroid, computed in double.</param>
    public ScreeningBound(int dims, double centroidNorm)
    {
        _dims = dims;
        _centroid = centroidNorm * (1 + 1e-9);
        _chain = Gamma((2 * dims) + 4);
        _normFactor = 1 + (2 * Gamma(dims + 2));
    }

    /// <summary>The slack of a row; infinite if screening cannot decide it.</summary>
    /// <param name="squares">The FP32 sum of squares of x', in any order.</param>
    public float Slack(float squares)
    {
        double a = Math.Sqrt((squares * _normFactor) + (_dims * Math.ScaleB(1, -148)));
        double p = _centroid * ((_centroid / 2) + a);
        double q = (a + _centroid) * (a + _centroid);
        double e1 = (_chain * p) + (((2 * _dims) + 2) * Math.ScaleB(1, -149));
        double e2 = 1.001 * U * q;
        double e3 = (_dims + 3) * Math.ScaleB(1, -54) * 1.001 * q;
        double slack = 1.01 * ((2 * (e1 + e2 + e3)) + (2 * U * p));
        return p < Greatest && q < Greatest ? MathF.BitIncrement((float)slack) : float.PositiveInfinity;
    }

    private static double Gamma(int m) => m * U / (1 - (m * U));
}
