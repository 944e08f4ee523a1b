using System.Globalization;
using System.Text;

namespace OneRec.Engine.Scripts;

/// <summary>Fills the <c>{{name}}</c> holes of a <see cref="SqlScript"/> with values in an engine's dialect.</summary>
/// <remarks>
/// One pass: inserted values are not searched for holes. A hole is replaced everywhere, also inside quotes, so a script puts
/// no quotes around one. A negative number is put in parentheses: <c>a -{{x}}</c> must not become the comment <c>--</c>.
/// </remarks>
public static class SqlRenderer
{
    /// <summary>The SQL text that the engine runs.</summary>
    /// <param name="script">SQL with holes, and a value for each hole.</param>
    /// <param name="dialect">The engine's quoting.</param>
    /// <exception cref="ArgumentException">
    /// A hole has no argument, an argument has no hole, or opening braces do not start a valid hole.
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
                throw new ArgumentException($"'{{{{' at character {open} does not start a valid hole", nameof(script));
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
        SqlArgument.UserExpression expression => expression.Sql,
        SqlArgument.UserSelect select => select.Sql,
        _ => throw new InvalidOperationException("unknown SQL argument"),
    };
}

/// <summary>How the SQL of an engine writes values and names, so that every value is read back unchanged.</summary>
/// <remarks>Whole numbers are the same everywhere and are written by <see cref="SqlRenderer"/>.</remarks>
public interface ISqlDialect
{
    /// <summary>A string literal for any text, including quotes, backslashes, line breaks and characters outside the BMP.</summary>
    string Text(string value);

    /// <summary>A quoted identifier of one part; case and special characters are kept.</summary>
    string Name(string value);

    /// <summary>A DOUBLE expression with exactly these bits, including negative zero and infinities (all NaNs are the same NaN).</summary>
    string Real(double value);

    /// <summary>A TIMESTAMP expression of this instant in UTC, to the microsecond.</summary>
    string Instant(DateTimeOffset value);
}
