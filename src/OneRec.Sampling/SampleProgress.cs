namespace OneRec.Sampling;

/// <summary>The progress of one file.</summary>
/// <param name="File">Name of the file, such as <c>tokens.parquet</c>.</param>
/// <param name="Done">Number of rows written.</param>
/// <param name="Total">Total number of rows.</param>
public readonly record struct SampleProgress(string File, long Done, long Total);
