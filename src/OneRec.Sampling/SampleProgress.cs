namespace OneRec.Sampling;

/// <summary>How far a file is.</summary>
/// <param name="File">Its name, such as <c>tokens.parquet</c>.</param>
/// <param name="Done">Rows written.</param>
/// <param name="Total">Rows in all.</param>
public readonly record struct SampleProgress(string File, long Done, long Total);
