namespace OneRec.Pipeline.Inputs;

/// <summary>A column whose values decide whether a row can be read.</summary>
/// <param name="Column">The column.</param>
/// <param name="Type">The type that a value must have; null: any.</param>
/// <param name="Required">What the column holds where there must be a value, for messages: <c>ids</c>; null: it may be null.</param>
/// <param name="Unit">Of a column of times, what it holds; else null.</param>
internal sealed record ReadColumn(SourceColumn Column, ColumnType? Type, string? Required = null, TimeUnit? Unit = null)
{
    /// <summary>What is wrong with a value as the file writes it; null where nothing is seen.</summary>
    /// <param name="raw">The text; null for null, and for a value that has no text.</param>
    public string? Problem(string? raw)
    {
        string name = Column.Name;
        if (raw is null)
        {
            // A time of the files' own type has no text: what is wrong with it is that it is out of range, or null.
            return Required is null ? null
                : Unit is not null && ColumnTypes.Of(Column.Native) == ColumnType.Timestamp
                    ? $"column '{name}' has no time between the years 1 and 9999"
                    : $"column '{name}' is empty, but {Required} must be there";
        }

        if (Unit is { } unit)
        {
            return IsTime(unit, raw) ? null
                : $"column '{name}' has '{raw}', not {Words(unit)} between the years 1 and 9999; fix the row or set input.timeUnit";
        }

        return Type is not { } type || TypePatterns.Fits(type, raw) ? null
            : $"column '{name}' has '{raw}', which is no {CsvSource.Name(type)}; fix the row or set input.types.{name}";
    }

    private static bool IsTime(TimeUnit unit, string raw) => unit switch
    {
        TimeUnit.Timestamp => TypePatterns.Fits(ColumnType.Timestamp, raw),
        TimeUnit.Date => TypePatterns.Fits(ColumnType.Date, raw),
        _ => TypePatterns.Fits(ColumnType.BigInt, raw)
            && long.Parse(raw) is var value
            && value >= TimeLimits.LowestMicros / MicrosOf(unit)
            && value <= TimeLimits.HighestMicros / MicrosOf(unit),
    };

    private static long MicrosOf(TimeUnit unit) => unit switch { TimeUnit.S => 1_000_000, TimeUnit.Ms => 1_000, _ => 1 };

    private static string Words(TimeUnit unit) => unit switch
    {
        TimeUnit.S => "seconds since 1970",
        TimeUnit.Ms => "milliseconds since 1970",
        TimeUnit.Us => "microseconds since 1970",
        TimeUnit.Date => "an ISO 8601 date",
        _ => "an ISO 8601 time",
    };
}
