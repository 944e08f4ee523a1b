namespace OneRec.Csv.Columns;

/// <summary>A row of a batch that has a place in its file.</summary>
/// <param name="Index">Its place in the batch.</param>
/// <param name="Row">Its record.</param>
/// <param name="Problems">What is wrong with it, a text or null for each column of problems.</param>
/// <param name="Text">The record, or its first line.</param>
internal readonly record struct BadPlace(int Index, long Row, IReadOnlyList<string?> Problems, string Text);
