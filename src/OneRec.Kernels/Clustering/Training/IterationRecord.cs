namespace OneRec.Kernels.Clustering.Training;

/// <summary>One epoch or full pass.</summary>
/// <param name="Iteration">From 0.</param>
/// <param name="Phase">What it was.</param>
/// <param name="Objective">Mean error a row, each row against the centroids that it was assigned to.</param>
/// <param name="Starved">Codes that got no row.</param>
/// <param name="Given">Starved codes that were given a worst-served row.</param>
public sealed record IterationRecord(int Iteration, TrainingPhase Phase, double Objective, int Starved, int Given);
