namespace OneRec.Pipeline.Steps.Report.Model;

/// <summary>The evaluation before this one, to see what changed. A measure that it lacks is null.</summary>
/// <param name="RunId">The run that measured it.</param>
/// <param name="CodebookId">The codebook it measured.</param>
public sealed record PreviousReport(string RunId, string CodebookId)
{
    /// <summary>The lowest utilization of a level, 0 to 1.</summary>
    public double? Utilization { get; init; }

    /// <summary>1 - unique IDs / items.</summary>
    public double? CollisionRate { get; init; }

    /// <summary>Relative reconstruction error of the last level.</summary>
    public double? RelativeError { get; init; }
}
