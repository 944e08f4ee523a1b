namespace OneRec.Pipeline.Steps.Report.Model;

/// <summary>Training's objective at one iteration of a level.</summary>
/// <param name="Iteration">As <c>quality</c> counts it.</param>
/// <param name="Value">Mean squared distance of the level's residuals to their centroids.</param>
public sealed record ObjectivePoint(int Iteration, double Value);
