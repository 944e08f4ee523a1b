namespace OneRec.Kernels.Clustering.Training;

/// <summary>The result of training a level.</summary>
/// <param name="Centroids">[k, d] row-major.</param>
/// <param name="Items">[k] rows of each code after the final assignment.</param>
/// <param name="Iterations">One record per epoch and full pass, in order.</param>
public sealed record TrainedLevel(float[] Centroids, long[] Items, IReadOnlyList<IterationRecord> Iterations);

/// <summary>One epoch or full pass.</summary>
/// <param name="Iteration">From 0.</param>
/// <param name="Phase">The kind of iteration.</param>
/// <param name="Objective">Mean error per row, measured against the centroids that the row was assigned to.</param>
/// <param name="Starved">Codes without rows.</param>
/// <param name="Given">Starved codes that were reseeded with a worst-served row.</param>
public sealed record IterationRecord(int Iteration, TrainingPhase Phase, double Objective, int Starved, int Given);

/// <summary>The kind of a training iteration.</summary>
public enum TrainingPhase
{
    /// <summary>An update after each batch.</summary>
    Epoch,

    /// <summary>One update after all rows: a Lloyd iteration.</summary>
    Refine,

    /// <summary>The final assignment, without an update.</summary>
    Closing,
}
