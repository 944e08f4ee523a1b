namespace OneRec.Csv.Columns;

/// <summary>Details of a row in a batch: its record number, problems and text.</summary>
/// <param name="Index">0-based position of the row in the batch.</param>
/// <param name="Row">Number of its record.</param>
/// <param name="Problems">For each column of problems, the problem or null.</param>
/// <param name="Text">The record, or its first line if it is malformed.</param>
internal readonly record struct RowDetails(int Index, long Row, IReadOnlyList<string?> Problems, string Text);
