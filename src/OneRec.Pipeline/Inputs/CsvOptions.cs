namespace OneRec.Pipeline.Inputs;

/// <summary>Section <c>input.csv</c>.</summary>
public sealed record CsvOptions
{
    /// <summary>Whether a quoted field may hold line breaks. Files with such fields are read by one thread.</summary>
    /// <value>Default null: true for the catalogue and tags, false for the log.</value>
    public bool? MultiLine { get; init; }
}
