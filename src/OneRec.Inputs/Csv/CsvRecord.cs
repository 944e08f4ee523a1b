namespace OneRec.Inputs.Csv;

/// <summary>One record of a CSV file.</summary>
/// <param name="Row">Counted from 1, the header not counted (the header itself is row 0).</param>
/// <param name="Fields">Its fields; an empty one, quoted or not, is null.</param>
public sealed record CsvRecord(long Row, IReadOnlyList<string?> Fields)
{
    /// <summary>What is wrong with it; null where nothing is. Then there are no fields.</summary>
    public string? Problem { get; init; }

    /// <summary>The text of one that is wrong: its first line.</summary>
    public string Raw { get; init; } = "";

    /// <summary>The record as a line of CSV.</summary>
    public string Line() => Problem is not null ? Raw : string.Join(',', Fields.Select(Quoted));

    private static string? Quoted(string? field) => field is null || field.AsSpan().IndexOfAny(",\"\r\n") < 0
        ? field
        : $"\"{field.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
