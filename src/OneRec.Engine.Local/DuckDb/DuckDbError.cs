using System.Text.RegularExpressions;
using DuckDB.NET.Data;
using OneRec.Core;

namespace OneRec.Engine.Local.DuckDb;

/// <summary>Translates DuckDB's errors into one line for the user; the statement is only in the details.</summary>
public static partial class DuckDbError
{
    /// <summary>The error to report.</summary>
    /// <param name="failure">What DuckDB threw.</param>
    /// <param name="sql">The statement, shown with <c>--verbose</c>.</param>
    public static OneRecException Translate(DuckDBException failure, string sql)
    {
        ArgumentNullException.ThrowIfNull(failure);
        string line = failure.Message.Split('\n', 2)[0].Trim();
        var details = new InvalidOperationException(sql, failure);
        if (line.StartsWith("Out of Memory Error", StringComparison.Ordinal))
        {
            // The limit that DuckDB sets itself is the free space when it started.
            if (failure.Message.Contains("max_temp_directory_size", StringComparison.Ordinal))
            {
                return OneRecException.Engine(
                    "io.disk-full", $"{line}; free some space on the disk of the tables, or raise memoryLimit", details);
            }

            return OneRecException.Engine("engine.memory", $"{line}; raise memoryLimit or lower threads", details);
        }

        if (line.StartsWith("IO Error", StringComparison.Ordinal))
        {
            return SystemFailure.Of(failure) is { } refused
                ? new OneRecException(refused.Kind, refused.Code, $"{line}; {refused.Cure}", details)
                : OneRecException.Engine("engine.io", line, details);
        }

        if (line.StartsWith("Binder Error", StringComparison.Ordinal)
            || line.StartsWith("Parser Error", StringComparison.Ordinal)
            || line.StartsWith("Syntax Error", StringComparison.Ordinal)
            || line.StartsWith("Catalog Error", StringComparison.Ordinal))
        {
            return OneRecException.Configuration("sql.invalid", Reason(line), details);
        }

        if (line.StartsWith("Conversion Error", StringComparison.Ordinal)
            || line.StartsWith("Out of Range Error", StringComparison.Ordinal))
        {
            return OneRecException.Input("sql.value", Reason(line), details);
        }

        if (line.StartsWith("Invalid Input Error", StringComparison.Ordinal))
        {
            return OneRecException.Input("input.value", line, details);
        }

        if (line.StartsWith("Permission Error", StringComparison.Ordinal))
        {
            return OneRecException.Configuration("sql.invalid", $"{Reason(line)}: SQL reads what it was given and nothing else", details);
        }

        return OneRecException.Engine("engine.sql", line, details);
    }

    /// <summary>DuckDB's line without the word for its kind, such as <c>Binder Error: </c>.</summary>
    private static string Reason(string line) => UnknownColumn().Match(line) is { Success: true } unknown
        ? $"there is no column '{unknown.Groups[1].Value}'"
        : line[(line.IndexOf(": ", StringComparison.Ordinal) + 2)..];

    [GeneratedRegex("""\ABinder Error: Referenced column "(.+)" not found in FROM clause""", RegexOptions.CultureInvariant)]
    private static partial Regex UnknownColumn();
}
