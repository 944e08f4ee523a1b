using DuckDB.NET.Data;
using OneRec.Core;

namespace OneRec.Engine.Local.DuckDb;

/// <summary>Translates DuckDB's errors into one line for the user; the statement is only in the details.</summary>
public static class DuckDbError
{
    /// <summary>The error to report.</summary>
    /// <param name="failure">What DuckDB threw.</param>
    /// <param name="sql">The statement, shown with <c>--verbose</c>.</param>
    public static OneRecException Translate(DuckDBException failure, string sql)
    {
        ArgumentNullException.ThrowIfNull(failure);
        string line = failure.Message.Split('\n', 2)[0].Trim();
        var details = new InvalidOperationException(sql, failure);
        if (line.StartsWith("Invalid Input Error: CSV Error on Line:", StringComparison.Ordinal))
        {
            return CsvError(failure.Message, details);
        }

        if (line.StartsWith("Out of Memory Error", StringComparison.Ordinal))
        {
            return OneRecException.Engine("engine.memory", $"{line}; raise memoryLimit or lower threads", details);
        }

        if (line.StartsWith("IO Error", StringComparison.Ordinal))
        {
            return OneRecException.Engine("engine.io", line, details);
        }

        if (line.StartsWith("Binder Error", StringComparison.Ordinal)
            || line.StartsWith("Parser Error", StringComparison.Ordinal)
            || line.StartsWith("Catalog Error", StringComparison.Ordinal))
        {
            return OneRecException.Configuration("sql.invalid", line, details);
        }

        if (line.StartsWith("Invalid Input Error", StringComparison.Ordinal)
            || line.StartsWith("Conversion Error", StringComparison.Ordinal)
            || line.StartsWith("Out of Range Error", StringComparison.Ordinal))
        {
            return OneRecException.Input("input.value", line, details);
        }

        return OneRecException.Engine("engine.sql", line, details);
    }

    // DuckDB reports the line number, the line's text, the problem and the file, each on its own line.
    private static OneRecException CsvError(string message, Exception details)
    {
        string line = ValueAfter(message, "CSV Error on Line:") ?? "?";
        string file = ValueAfter(message, "  file = ") ?? "a CSV file";
        string? expected = ValueAfter(message, "Expected Number of Columns:");
        string what = expected is not null
            ? $"has a different number of fields than the header ({expected.Replace(" Found:", " expected, found", StringComparison.Ordinal)})"
            : message.Contains("unterminated quote", StringComparison.OrdinalIgnoreCase)
                ? "has an unterminated quoted field"
                : "is not RFC 4180 (" + (ValueAfter(message, "\n\n") ?? "malformed") + ")";
        return OneRecException.Input("input.csv", $"{file} line {line}: the record {what}; correct the file", details);
    }

    private static string? ValueAfter(string message, string label)
    {
        int at = message.IndexOf(label, StringComparison.Ordinal);
        return at < 0 ? null : message[(at + label.Length)..].Split('\n', 2)[0].Trim();
    }
}
