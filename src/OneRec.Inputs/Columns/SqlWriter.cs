using System.Collections.Immutable;
using Apache.Arrow.Types;
using OneRec.Csv.Types;

namespace OneRec.Inputs.Columns;

/// <summary>Composes SQL over columns whose names and types depend on the input.</summary>
/// <param name="prefix">Prefix of the names of holes; distinct for each writer in a script.</param>
public sealed class SqlWriter(string prefix)
{
    private readonly ImmutableDictionary<string, SqlArgument>.Builder _arguments =
        ImmutableDictionary.CreateBuilder<string, SqlArgument>(StringComparer.Ordinal);

    /// <summary>Adds a hole for a value.</summary>
    public string Hole(SqlArgument value)
    {
        string name = $"{prefix}_{_arguments.Count}";
        _arguments.Add(name, value);
        return "{{" + name + "}}";
    }

    /// <summary>Adds a hole for a column name.</summary>
    public string Name(string column) => Hole(new SqlArgument.Name(column));

    /// <summary>Adds a hole for SQL from the user, in parentheses.</summary>
    /// <remarks>The line break ends a comment at the end of the user's text.</remarks>
    public string User(string sql) => "(" + Hole(new SqlArgument.UserExpression(sql)) + "\n)";

    /// <summary>A column cast to its type; null if its text is not a value of the type.</summary>
    public string Typed(SourceColumn column)
    {
        ArgumentNullException.ThrowIfNull(column);
        return Typed(column, column.Type);
    }

    /// <summary>A column cast to a type; null if its text is not a value of the type.</summary>
    /// <param name="column">The column.</param>
    /// <param name="type">The type; null: no cast.</param>
    public string Typed(SourceColumn column, ColumnType? type)
    {
        ArgumentNullException.ThrowIfNull(column);
        string name = Name(column.Name);
        if (type is null || ColumnTypes.Of(column.Native) == type)
        {
            return name;
        }

        if (column.Native is not StringType)
        {
            return $"CAST({name} AS {type.Value.SqlName()})";
        }

        if (type == ColumnType.BigInt && column.Declared)
        {
            // Engines differ in casting '3.0' to BIGINT, but not by way of a DECIMAL.
            return $"CASE WHEN regexp_like({name}, {Hole(TypePatterns.WholeNumber)}) THEN try_cast(try_cast({name} AS DECIMAL(38, 6)) AS BIGINT) END";
        }

        // A cast to TIMESTAMP keeps the offset in one engine and drops it in the other; this function gives an instant in both.
        string value = type == ColumnType.Timestamp
            ? $"try_to_timestamp(replace({name}, ' UTC', 'Z'))"
            : $"try_cast({name} AS {type.Value.SqlName()})";
        return $"CASE WHEN regexp_like({name}, {Hole(TypePatterns.Of(type.Value)!)}) THEN {value} END";
    }

    /// <summary>1 if a column has a value that is not of a type, otherwise 0.</summary>
    public string Invalid(SourceColumn column, ColumnType? type)
    {
        ArgumentNullException.ThrowIfNull(column);
        return CanBeInvalid(column, type)
            ? $"CASE WHEN {Name(column.Name)} IS NOT NULL AND ({Typed(column, type)}) IS NULL THEN 1 ELSE 0 END"
            : "0";
    }

    /// <summary>Whether a column may contain values that are not of a type: only a text column can.</summary>
    public static bool CanBeInvalid(SourceColumn column, ColumnType? type)
    {
        ArgumentNullException.ThrowIfNull(column);
        return column.Native is StringType && type is not (null or ColumnType.Text);
    }

    /// <summary>A column as text for display; null for types that the engines format differently.</summary>
    public string Raw(SourceColumn column)
    {
        ArgumentNullException.ThrowIfNull(column);
        return column.Native is StringType or Int64Type or Date32Type or BooleanType
            ? $"CAST({Name(column.Name)} AS STRING)"
            : "CAST(NULL AS STRING)";
    }

    /// <summary>A column as microseconds since 1970; null if it is not a time in the years 1 to 9999.</summary>
    public string Micros(SourceColumn column, InputTimeUnit unit)
    {
        ArgumentNullException.ThrowIfNull(column);
        switch (unit)
        {
            case InputTimeUnit.Timestamp:
                return Within($"unix_micros({Typed(column, ColumnType.Timestamp)})", 1);
            case InputTimeUnit.Date:
                return Within($"unix_micros(CAST({Typed(column, ColumnType.Date)} AS TIMESTAMP))", 1);
            case InputTimeUnit.Ymd or InputTimeUnit.Mdy or InputTimeUnit.Dmy:
                string text = $"CAST({Name(column.Name)} AS STRING)";
                return Within($"unix_micros(CAST(try_cast({IsoDay(text, unit)} AS DATE) AS TIMESTAMP))", 1);
        }

        long scale = TimeLimits.MicrosOf(unit);
        return column.Native switch
        {
            Int64Type => Within(Name(column.Name), scale),
            StringType => $"coalesce({Within(Typed(column, ColumnType.BigInt), scale)}, {Rounded(Typed(column, ColumnType.Double), scale)})",
            _ => Rounded($"CAST({Name(column.Name)} AS DOUBLE)", scale),
        };
    }

    /// <summary>A text of a day in another order as an ISO 8601 date; null if it is none by its form.</summary>
    private string IsoDay(string text, InputTimeUnit unit)
    {
        IEnumerable<string> cases = DayTexts.Forms(unit).Select(f =>
            $"WHEN regexp_like({text}, {Hole(f.Pattern)}) THEN concat({string.Join($", '-', ", new[] { Part(f.Year), Part(f.Month), Part(f.Day) })})");
        return $"CASE {string.Join(' ', cases)} END";

        string Part((int From, int Length) part) =>
            (part.Length == 1 ? "'0', " : "") + $"substring({text}, {part.From + 1}, {part.Length})";
    }

    /// <summary>A DOUBLE in longer units, as <see cref="TypedText.TryScale"/> rounds it.</summary>
    private string Rounded(string value, long scale)
    {
        string scaled = $"({value}) * {Hole(scale)}";
        // NaN is above every number to both engines, but one of them makes a 0 of its floor.
        string low = $"CAST({Hole(TimeLimits.LowestMicros)} AS DOUBLE)";
        string end = $"CAST({Hole(TimeLimits.HighestMicros + 1)} AS DOUBLE)";
        return $"CASE WHEN {scaled} >= {low} AND {scaled} < {end} THEN CAST(floor({scaled} + CAST(0.5 AS DOUBLE)) AS BIGINT) END";
    }

    /// <summary>Combines the composed text with its arguments.</summary>
    public SqlFragment Fragment(string text) => new(text, _arguments.ToImmutable());

    private string Within(string value, long micros)
    {
        string low = Hole(TimeLimits.LowestMicros / micros);
        string high = Hole(TimeLimits.HighestMicros / micros);
        string result = micros == 1 ? $"({value})" : $"({value}) * {Hole(micros)}";
        return $"CASE WHEN ({value}) BETWEEN {low} AND {high} THEN {result} END";
    }
}

/// <summary>Part of a SELECT that depends on the input's columns, with its own holes.</summary>
/// <remarks>Names and patterns stay holes until the engine fills them, since engines quote them differently.</remarks>
public sealed record SqlFragment(string Text, ImmutableDictionary<string, SqlArgument> Arguments)
{
    /// <summary>Inserts the fragment at a hole of a script.</summary>
    /// <exception cref="ArgumentException">The script has no such hole.</exception>
    public SqlScript Into(SqlScript script, string hole)
    {
        ArgumentNullException.ThrowIfNull(script);
        string place = "{{" + hole + "}}";
        return script.Text.Contains(place, StringComparison.Ordinal)
            ? new SqlScript(
                script.Text.Replace(place, Text, StringComparison.Ordinal), script.Arguments.AddRange(Arguments))
            : throw new ArgumentException($"the script has no hole {place}", nameof(hole));
    }
}
