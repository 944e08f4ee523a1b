using System.Globalization;
using System.Text;

namespace OneRec.Engine.Scripts;

/// <summary>Fills the <c>{{name}}</c> holes of a <see cref="SqlScript"/> with values in an engine's dialect.</summary>
/// <remarks>
/// One pass: what a value brings in is never searched for holes. A hole is a hole wherever it stands, so a script quotes
/// nothing around one. A negative number comes in parentheses: <c>a -{{x}}</c> must not become the comment <c>--</c>.
/// </remarks>
public static class SqlRenderer
{
    /// <summary>The SQL text that the engine runs.</summary>
    /// <param name="script">SQL with holes, and a value for each.</param>
    /// <param name="dialect">The engine's quoting.</param>
    /// <exception cref="ArgumentException">
    /// A hole without an argument, an argument without a hole, or braces that are no hole.
    /// </exception>
    public static string Render(SqlScript script, ISqlDialect dialect)
    {
        ArgumentNullException.ThrowIfNull(script);
        ArgumentNullException.ThrowIfNull(dialect);
        var sql = new StringBuilder(script.Text.Length + 64);
        var used = new HashSet<string>(StringComparer.Ordinal);
        int from = 0;
        while (script.Text.IndexOf("{{", from, StringComparison.Ordinal) is >= 0 and int open)
        {
            int close = script.Text.IndexOf("}}", open + 2, StringComparison.Ordinal);
            string name = close < 0 ? "" : script.Text[(open + 2)..close];
            if (name.Length == 0 || !name.All(c => char.IsAsciiLetterOrDigit(c) || c == '_'))
            {
                throw new ArgumentException($"'{{{{' at character {open} opens no hole", nameof(script));
            }

            if (!script.Arguments.TryGetValue(name, out SqlArgument? argument))
            {
                throw new ArgumentException($"hole '{name}' has no argument", nameof(script));
            }

            sql.Append(script.Text, from, open - from).Append(Write(argument, dialect));
            used.Add(name);
            from = close + 2;
        }

        if (script.Arguments.Keys.Where(k => !used.Contains(k)).Order(StringComparer.Ordinal).FirstOrDefault() is { } spare)
        {
            throw new ArgumentException($"argument '{spare}' has no hole", nameof(script));
        }

        return sql.Append(script.Text, from, script.Text.Length - from).ToString();
    }

    private static string Write(SqlArgument argument, ISqlDialect dialect) => argument switch
    {
        SqlArgument.Whole { Value: long.MinValue } => "(-9223372036854775807 - 1)",
        SqlArgument.Whole { Value: < 0 } whole => $"({whole.Value.ToString(CultureInfo.InvariantCulture)})",
        SqlArgument.Whole whole => whole.Value.ToString(CultureInfo.InvariantCulture),
        SqlArgument.Real real => dialect.Real(real.Value),
        SqlArgument.Text text => dialect.Text(text.Value),
        SqlArgument.Instant instant => dialect.Instant(instant.Value),
        SqlArgument.Name name => dialect.Name(name.Value),
        SqlArgument.Expression expression => expression.Sql,
        _ => throw new InvalidOperationException("unknown SQL argument"),
    };
}

/// <summary>How one engine's SQL writes values and names, so that any value reads back as itself.</summary>
/// <remarks>Whole numbers are the same everywhere and are written by <see cref="SqlRenderer"/>.</remarks>
public interface ISqlDialect
{
    /// <summary>A string literal, for every text: quotes, backslashes, line breaks, characters outside the BMP.</summary>
    string Text(string value);

    /// <summary>A quoted identifier of one part; its case and odd characters are kept.</summary>
    string Name(string value);

    /// <summary>A DOUBLE expression that has exactly these bits (any NaN is one NaN), negative zero and infinities included.</summary>
    string Real(double value);

    /// <summary>A TIMESTAMP expression of this instant in UTC, to the microsecond.</summary>
    string Instant(DateTimeOffset value);
}
