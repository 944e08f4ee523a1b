namespace OneRec.Csv.Types;

/// <summary>Messages about values that cannot be read.</summary>
public static class ValueProblems
{
    /// <summary>A required value is missing.</summary>
    /// <param name="column">The column.</param>
    /// <param name="required">What the column contains: <c>ids</c>.</param>
    public static string Empty(string column, string required) => $"column '{column}' is empty, but {required} are required";

    /// <summary>A text is not a value of a type.</summary>
    public static string NotOfType(string column, string text, ColumnType type) =>
        $"column '{column}' has '{text}', which is not a {type.SqlName()}; fix the row or set input.types.{column}";

    /// <summary>A text is not a time.</summary>
    public static string NotTime(string column, string text, InputTimeUnit unit)
    {
        string expected = unit switch
        {
            InputTimeUnit.S => "a time in seconds since 1970",
            InputTimeUnit.Ms => "a time in milliseconds since 1970",
            InputTimeUnit.Us => "a time in microseconds since 1970",
            InputTimeUnit.Date => "an ISO 8601 date",
            InputTimeUnit.Ymd => "a date such as 20240131",
            InputTimeUnit.Mdy => "a date such as 01/31/2024",
            InputTimeUnit.Dmy => "a date such as 31/01/2024",
            _ => "an ISO 8601 time",
        };
        return $"column '{column}' has '{text}', which is not {expected} (years 1 to 9999); fix the row or set input.timeUnit";
    }
}
