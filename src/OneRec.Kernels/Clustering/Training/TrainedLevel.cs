namespace OneRec.Kernels.Clustering.Training;

/// <summary>What training a level gives.</summary>
/// <param name="Centroids">[k, d] row-major.</param>
/// <param name="Items">[k] rows at each code after the final assignment.</param>
/// <param name="Iterations">One record an epoch and a full pass, in order.</param>
public sealed record TrainedLevel(float[] Centroids, long[] Items, IReadOnlyList<IterationRecord> Iterations);
