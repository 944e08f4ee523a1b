using System.Globalization;
using System.Text;

namespace OneRec.Engine.Spark.Session;

/// <summary>Spark SQL's literals and names (3.5 and 4.0, ANSI mode, default escapes).</summary>
public sealed class SparkDialect : ISqlDialect
{
    /// <summary>The instance.</summary>
    public static SparkDialect Instance { get; } = new();

    /// <inheritdoc/>
    /// <remarks>
    /// Only backslash escapes: a doubled quote is a quote in 4.0, but in 3.5 it ends one literal and starts the next.
    /// </remarks>
    public string Text(string value)
    {
        ArgumentNullException.ThrowIfNull(value);
        var literal = new StringBuilder("'", value.Length + 8);
        foreach (char c in value)
        {
            literal.Append(c switch
            {
                '\\' => @"\\",
                '\'' => @"\'",
                '\n' => @"\n",
                '\r' => @"\r",
                '\0' => @"\0",
                _ => c.ToString(),
            });
        }

        return literal.Append('\'').ToString();
    }

    /// <inheritdoc/>
    public string Name(string value)
    {
        ArgumentNullException.ThrowIfNull(value);
        return $"`{value.Replace("`", "``", StringComparison.Ordinal)}`";
    }

    /// <inheritdoc/>
    public string Real(double value)
    {
        string text = double.IsNaN(value) ? "NaN"
            : double.IsPositiveInfinity(value) ? "Infinity"
            : double.IsNegativeInfinity(value) ? "-Infinity"
            : value.ToString("R", CultureInfo.InvariantCulture);
        return $"CAST('{text}' AS DOUBLE)";
    }

    /// <inheritdoc/>
    public string Instant(DateTimeOffset value) =>
        $"TIMESTAMP '{value.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss.ffffff", CultureInfo.InvariantCulture)}Z'";
}
