namespace OneRec.Kernels.Clustering.Training;

/// <summary>The scales of a level's integer sums (docs/method/rq-kmeans.md, "Levels").</summary>
/// <param name="Rows">n.</param>
/// <param name="Dims">d.</param>
/// <param name="MaxAbs">M, the greatest absolute value of all rows.</param>
public sealed record LevelScales(long Rows, int Dims, float MaxAbs)
{
    /// <summary>Of sums of vectors.</summary>
    public FixedPoint Vectors { get; } = FixedPoint.ForSums(Rows, MaxAbs);

    /// <summary>Of sums of errors.</summary>
    public FixedPoint Errors { get; } = FixedPoint.ForErrors(Dims, MaxAbs);
}
