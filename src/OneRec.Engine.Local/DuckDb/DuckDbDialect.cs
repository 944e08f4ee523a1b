using System.Globalization;

namespace OneRec.Engine.Local.DuckDb;

/// <summary>DuckDB's quoting.</summary>
public sealed class DuckDbDialect : ISqlDialect
{
    /// <inheritdoc/>
    public string Text(string value)
    {
        ArgumentNullException.ThrowIfNull(value);
        // A literal cannot contain U+0000; it is written as a function call.
        return value.Contains('\0', StringComparison.Ordinal)
            ? "(" + string.Join(" || chr(0) || ", value.Split('\0').Select(Quote)) + ")"
            : Quote(value);
    }

    /// <inheritdoc/>
    public string Name(string value)
    {
        ArgumentNullException.ThrowIfNull(value);
        return "\"" + value.Replace("\"", "\"\"", StringComparison.Ordinal) + "\"";
    }

    /// <inheritdoc/>
    public string Real(double value) => value switch
    {
        double.PositiveInfinity => "CAST('Infinity' AS DOUBLE)",
        double.NegativeInfinity => "CAST('-Infinity' AS DOUBLE)",
        _ when double.IsNaN(value) => "CAST('NaN' AS DOUBLE)",
        _ => $"CAST('{value.ToString("R", CultureInfo.InvariantCulture)}' AS DOUBLE)",
    };

    /// <inheritdoc/>
    public string Instant(DateTimeOffset value) =>
        $"CAST('{value.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss.ffffff", CultureInfo.InvariantCulture)}+00' AS TIMESTAMPTZ)";

    private static string Quote(string value) => "'" + value.Replace("'", "''", StringComparison.Ordinal) + "'";
}
