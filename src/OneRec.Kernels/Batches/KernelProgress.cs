namespace OneRec.Kernels.Batches;

/// <summary>How far a kernel is.</summary>
/// <param name="Done">Units done by this task.</param>
/// <param name="Total">Units in all, 0 where not known.</param>
/// <param name="Unit">What is counted, such as <c>items</c> or <c>rows</c>.</param>
public readonly record struct KernelProgress(long Done, long Total, string Unit);
