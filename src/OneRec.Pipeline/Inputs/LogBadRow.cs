using OneRec.Core;
using OneRec.Pipeline.Engine;

namespace OneRec.Pipeline.Inputs;

/// <summary>Finds the first bad row of a log in the files' own order, to name it.</summary>
internal static class LogBadRow
{
    /// <summary>The error that names file, row, column and value.</summary>
    /// <param name="engine">The engine that read the log.</param>
    /// <param name="log">What <c>read_log.sql</c> gave.</param>
    /// <param name="source">The files.</param>
    /// <param name="layout">How they were read.</param>
    /// <param name="badRows">How many bad rows there are.</param>
    public static OneRecException Find(
        IEngine engine, IRelation log, CsvSource source, LogLayout layout, long badRows)
    {
        // Only SQL knows which rows the predicate takes; the files are searched for what it found.
        HashSet<(string?, string?, string?)> bad = [.. Rows
            .Read(engine.Collect(engine.Sql(SqlScript.Load("bad_log_rows.sql"), ("log", log))))
            .Select(row => ((string?)row[0], (string?)row[1], (string?)row[2]))];
        foreach (string file in source.Files.Files)
        {
            using var reader = new CsvReader(file, source.MultiLine);
            foreach (CsvRecord record in reader.Records())
            {
                string? what = Misfit(record, source, layout) ?? BadKey(record, source, layout, bad);
                if (what is not null)
                {
                    return OneRecException.Input(
                        "input.bad-row", $"{file}: row {record.Row}: {what} ({badRows} bad rows in all)");
                }
            }
        }

        return OneRecException.Input("input.bad-row", $"{source.Files.Root} has {badRows} rows that do not parse");
    }

    private static string? Misfit(CsvRecord record, CsvSource source, LogLayout layout)
    {
        foreach ((string column, ColumnType type) in layout.Others)
        {
            if (Value(record, source, column) is { } value && !TypePatterns.Fits(type, value))
            {
                return CsvBadRow.NoValue(column, value, type);
            }
        }

        return null;
    }

    private static string? BadKey(
        CsvRecord record, CsvSource source, LogLayout layout, HashSet<(string?, string?, string?)> bad)
    {
        string? user = Value(record, source, layout.User);
        string? item = Value(record, source, layout.Item);
        string? time = layout.Time is null ? null : Value(record, source, layout.Time);
        return bad.Contains((user, item, time))
            ? Id(layout.User, user, layout.UserType) ?? Id(layout.Item, item, layout.ItemType) ?? Time(layout, time)
            : null;
    }

    private static string? Id(string column, string? value, ColumnType type) =>
        value is null ? CsvBadRow.Missing(column)
        : TypePatterns.Fits(type, value) ? null
        : CsvBadRow.NoValue(column, value, type);

    private static string? Time(LogLayout layout, string? value)
    {
        if (layout.Time is null)
        {
            return null;
        }

        if (value is null)
        {
            return $"column '{layout.Time}' is empty, but times must be there";
        }

        string unit = layout.Unit switch
        {
            TimeUnit.S => "seconds since 1970",
            TimeUnit.Ms => "milliseconds since 1970",
            TimeUnit.Us => "microseconds since 1970",
            TimeUnit.Date => "an ISO 8601 date",
            _ => "an ISO 8601 time",
        };
        return $"column '{layout.Time}' has '{value}', not {unit} between the years 1 and 9999; "
            + "fix the row or set input.timeUnit";
    }

    private static string? Value(CsvRecord record, CsvSource source, string column)
    {
        int at = source.Columns.ToList().IndexOf(column);
        return at < record.Fields.Count ? record.Fields[at] : null;
    }
}
