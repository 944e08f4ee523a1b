namespace OneRec.Pipeline.Engine;

/// <summary>Images of items as bytes in Parquet files, read by row slices and never through SQL on the local engine.</summary>
/// <param name="Files">
/// Files in lexicographic order, with columns <c>item_id</c>, <c>position</c> (whole numbers) and <c>image</c> (binary).
/// </param>
public sealed record ImageSource(IReadOnlyList<string> Files);
