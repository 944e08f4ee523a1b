namespace OneRec.Sampling;

/// <summary>What was generated.</summary>
/// <param name="Folder">Full path of the folder.</param>
/// <param name="AlreadyThere">True where the folder held this very sample, and nothing was written.</param>
/// <param name="Items">Rows of <c>items.csv</c>, <c>truth.csv</c> and <c>tokens.parquet</c>.</param>
/// <param name="Interactions">Rows of <c>interactions.csv</c>.</param>
/// <param name="Bytes">Size of all files.</param>
public sealed record SampleSummary(string Folder, bool AlreadyThere, long Items, long Interactions, long Bytes);
