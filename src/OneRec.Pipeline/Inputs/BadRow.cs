namespace OneRec.Pipeline.Inputs;

/// <summary>A row that is not read.</summary>
/// <param name="Source">The file; of a source whose rows have no order, its path.</param>
/// <param name="Row">Its record in the file, from 1; null where the source has no order.</param>
/// <param name="Reason">What is wrong with it.</param>
/// <param name="Payload">The record as a line of CSV, or the columns looked at as JSON.</param>
public sealed record BadRow(string Source, long? Row, string Reason, string? Payload);
