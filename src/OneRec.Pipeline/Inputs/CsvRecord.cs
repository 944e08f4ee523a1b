namespace OneRec.Pipeline.Inputs;

/// <summary>One record of a CSV file.</summary>
/// <param name="Row">Counted from 1, the header not counted (the header itself is row 0).</param>
/// <param name="Fields">Its fields; an empty one, quoted or not, is null.</param>
public sealed record CsvRecord(long Row, IReadOnlyList<string?> Fields);
