namespace OneRec.Sampling;

/// <summary>The summary of a generated sample.</summary>
/// <param name="Folder">Absolute path of the folder.</param>
/// <param name="AlreadyThere">True if the folder already had this sample and nothing was written.</param>
/// <param name="Items">Number of rows of <c>items.csv</c>, <c>truth.csv</c> and <c>tokens.parquet</c>.</param>
/// <param name="Interactions">Number of rows of <c>interactions.csv</c>.</param>
/// <param name="Bytes">Total size of all files in bytes.</param>
public sealed record SampleSummary(string Folder, bool AlreadyThere, long Items, long Interactions, long Bytes);
