namespace OneRec.Csv.Types;

/// <summary>What is wrong with a value of a column, in words for people.</summary>
public static class ColumnWords
{
    /// <summary>How SQL and options write a type.</summary>
    public static string Name(ColumnType type) => type switch
    {
        ColumnType.BigInt => "BIGINT",
        ColumnType.Double => "DOUBLE",
        ColumnType.Timestamp => "TIMESTAMP",
        ColumnType.Date => "DATE",
        ColumnType.Boolean => "BOOLEAN",
        _ => "STRING",
    };

    /// <summary>There is no value where there must be one.</summary>
    /// <param name="column">The column.</param>
    /// <param name="required">What it holds: <c>ids</c>.</param>
    public static string Empty(string column, string required) => $"column '{column}' is empty, but {required} must be there";

    /// <summary>A text is no value of a type.</summary>
    public static string Misfit(string column, string text, ColumnType type) =>
        $"column '{column}' has '{text}', which is no {Name(type)}; fix the row or set input.types.{column}";

    /// <summary>A text is no time.</summary>
    public static string NoTime(string column, string text, InputTimeUnit unit)
    {
        string due = unit switch
        {
            InputTimeUnit.S => "seconds since 1970",
            InputTimeUnit.Ms => "milliseconds since 1970",
            InputTimeUnit.Us => "microseconds since 1970",
            InputTimeUnit.Date => "an ISO 8601 date",
            _ => "an ISO 8601 time",
        };
        return $"column '{column}' has '{text}', not {due} between the years 1 and 9999; fix the row or set input.timeUnit";
    }
}
