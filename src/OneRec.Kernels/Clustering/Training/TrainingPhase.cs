namespace OneRec.Kernels.Clustering.Training;

/// <summary>What an iteration of training does.</summary>
public enum TrainingPhase
{
    /// <summary>An update after each batch.</summary>
    Epoch,

    /// <summary>One update after all rows: an iteration of Lloyd.</summary>
    Refine,

    /// <summary>The final assignment, without update.</summary>
    Closing,
}
