namespace OneRec.Kernels.Similarity;

/// <summary>How the sums are reached. Both give the same bits; they differ in time and memory.</summary>
public enum SwingMethod
{
    /// <summary>What suits the log and the memory.</summary>
    Automatic,

    /// <summary>
    /// What each pair of users shares is found once and stored: best where pairs share many items. Memory grows with
    /// the sum over items of C(users, 2).
    /// </summary>
    Stored,

    /// <summary>
    /// Each target finds anew what its users share besides it: best where most pairs share one item, and with memory of
    /// the order of the interactions.
    /// </summary>
    PerTarget,
}
