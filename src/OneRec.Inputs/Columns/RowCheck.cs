using OneRec.Inputs.Csv;
using OneRec.Inputs.Options;

namespace OneRec.Inputs.Columns;

/// <summary>The columns of a source whose values decide whether a row can be read, and their texts in SQL.</summary>
/// <remarks>Whether a row is bad is a function of these texts: rows that have the same are both bad or neither is.</remarks>
/// <param name="columns">The columns.</param>
/// <param name="otherwise">What is wrong with a bad row whose texts show nothing.</param>
internal sealed class RowCheck(IReadOnlyList<ReadColumn> columns, string otherwise = "a column does not parse")
{
    private const string Nothing = "CAST(NULL AS STRING)";

    /// <summary>The columns; their texts are named <c>raw_0</c>, <c>raw_1</c> and so on.</summary>
    public IReadOnlyList<ReadColumn> Columns => columns;

    /// <summary>Names of the texts, for a select list.</summary>
    public SqlArgument.Expression Names => List((_, i) => $"raw_{i}");

    /// <summary>The texts of bad rows alone, for a select list over a column <c>bad</c>.</summary>
    public SqlArgument.Expression OfBadRows =>
        List((_, i) => $"CASE WHEN bad = 1 THEN raw_{i} END AS raw_{i}");

    /// <summary>The texts, for a select list over the source.</summary>
    public IEnumerable<string> Select(SqlWriter writer) =>
        columns.Count == 0 ? [$"{Nothing} AS raw_0"] : columns.Select((c, i) => $"{writer.Raw(c.Column)} AS raw_{i}");

    /// <summary>What is wrong with a bad row.</summary>
    public string Problem(IReadOnlyList<string?> raws)
    {
        for (int i = 0; i < columns.Count; i++)
        {
            if (columns[i].Problem(raws[i]) is { } problem)
            {
                return problem;
            }
        }

        return otherwise;
    }

    // A select list needs a column: where nothing is looked at there is one text, always null.
    private SqlArgument.Expression List(Func<ReadColumn?, int, string> part) => new(columns.Count == 0
        ? part(null, 0)
        : string.Join(", ", columns.Select((c, i) => part(c, i))));
}

/// <summary>A column whose values decide whether a row can be read.</summary>
/// <param name="Column">The column.</param>
/// <param name="Type">The type that a value must have; null: any.</param>
/// <param name="Required">What the column holds where there must be a value, for messages: <c>ids</c>; null: it may be null.</param>
/// <param name="Unit">Of a column of times, what it holds; else null.</param>
internal sealed record ReadColumn(SourceColumn Column, ColumnType? Type, string? Required = null, InputTimeUnit? Unit = null)
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

    private static bool IsTime(InputTimeUnit unit, string raw) => unit switch
    {
        InputTimeUnit.Timestamp => TypePatterns.Fits(ColumnType.Timestamp, raw),
        InputTimeUnit.Date => TypePatterns.Fits(ColumnType.Date, raw),
        _ => TypePatterns.Fits(ColumnType.BigInt, raw)
            && long.Parse(raw) is var value
            && value >= TimeLimits.LowestMicros / MicrosOf(unit)
            && value <= TimeLimits.HighestMicros / MicrosOf(unit),
    };

    private static long MicrosOf(InputTimeUnit unit) => unit switch { InputTimeUnit.S => 1_000_000, InputTimeUnit.Ms => 1_000, _ => 1 };

    private static string Words(InputTimeUnit unit) => unit switch
    {
        InputTimeUnit.S => "seconds since 1970",
        InputTimeUnit.Ms => "milliseconds since 1970",
        InputTimeUnit.Us => "microseconds since 1970",
        InputTimeUnit.Date => "an ISO 8601 date",
        _ => "an ISO 8601 time",
    };
}
