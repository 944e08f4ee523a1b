using System.Collections.Immutable;
using Apache.Arrow.Types;
using OneRec.Csv.Types;

namespace OneRec.Inputs.Columns;

/// <summary>Composes SQL about columns whose names and types only the input knows.</summary>
/// <param name="prefix">Keeps the holes of one writer apart from those of others in the same script.</param>
public sealed class SqlWriter(string prefix)
{
    private readonly ImmutableDictionary<string, SqlArgument>.Builder _arguments =
        ImmutableDictionary.CreateBuilder<string, SqlArgument>(StringComparer.Ordinal);

    /// <summary>A hole for a value.</summary>
    public string Hole(SqlArgument value)
    {
        string name = $"{prefix}_{_arguments.Count}";
        _arguments.Add(name, value);
        return "{{" + name + "}}";
    }

    /// <summary>A hole for a column's name.</summary>
    public string Name(string column) => Hole(new SqlArgument.Name(column));

    /// <summary>A hole for SQL that the user wrote, in parentheses.</summary>
    /// <remarks>The line break closes a comment that the user's text may end with.</remarks>
    public string User(string sql) => "(" + Hole(new SqlArgument.UserExpression(sql)) + "\n)";

    /// <summary>A column as the type that it is taken for: null where its text is no value of that.</summary>
    public string Typed(SourceColumn column)
    {
        ArgumentNullException.ThrowIfNull(column);
        return Typed(column, column.Type);
    }

    /// <summary>A column as a type: null where its text is no value of that.</summary>
    /// <param name="column">The column.</param>
    /// <param name="type">The type; null: as it is.</param>
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
            return $"CAST({name} AS {ColumnWords.Name(type.Value)})";
        }

        // A cast to TIMESTAMP keeps the offset in one engine and drops it in the other; the function means an instant in both.
        string value = type == ColumnType.Timestamp
            ? $"try_to_timestamp({name})"
            : $"try_cast({name} AS {ColumnWords.Name(type.Value)})";
        return $"CASE WHEN regexp_like({name}, {Hole(TypePatterns.Of(type.Value)!)}) THEN {value} END";
    }

    /// <summary>1 where a column has a value that is none of a type, else 0.</summary>
    public string Misfit(SourceColumn column, ColumnType? type)
    {
        ArgumentNullException.ThrowIfNull(column);
        return CanMisfit(column, type)
            ? $"CASE WHEN {Name(column.Name)} IS NOT NULL AND ({Typed(column, type)}) IS NULL THEN 1 ELSE 0 END"
            : "0";
    }

    /// <summary>Whether a column may hold what is no value of a type: texts alone do.</summary>
    public static bool CanMisfit(SourceColumn column, ColumnType? type)
    {
        ArgumentNullException.ThrowIfNull(column);
        return column.Native is StringType && type is not (null or ColumnType.Text);
    }

    /// <summary>What a column holds as text, to be shown; null where engines would write it differently.</summary>
    public string Raw(SourceColumn column)
    {
        ArgumentNullException.ThrowIfNull(column);
        return column.Native is StringType or Int64Type or Date32Type or BooleanType
            ? $"CAST({Name(column.Name)} AS STRING)"
            : "CAST(NULL AS STRING)";
    }

    /// <summary>Microseconds since 1970 of a column; null where it is no time between the years 1 and 9999.</summary>
    public string Micros(SourceColumn column, InputTimeUnit unit)
    {
        ArgumentNullException.ThrowIfNull(column);
        switch (unit)
        {
            case InputTimeUnit.Timestamp:
                return Within($"unix_micros({Typed(column, ColumnType.Timestamp)})", 1);
            case InputTimeUnit.Date:
                return Within($"unix_micros(CAST({Typed(column, ColumnType.Date)} AS TIMESTAMP))", 1);
            default:
                return Within(Typed(column, ColumnType.BigInt), TimeLimits.MicrosOf(unit));
        }
    }

    /// <summary>The composed text with its arguments.</summary>
    public SqlFragment Fragment(string text) => new(text, _arguments.ToImmutable());

    private string Within(string value, long micros)
    {
        string low = Hole(TimeLimits.LowestMicros / micros);
        string high = Hole(TimeLimits.HighestMicros / micros);
        string result = micros == 1 ? $"({value})" : $"({value}) * {Hole(micros)}";
        return $"CASE WHEN ({value}) BETWEEN {low} AND {high} THEN {result} END";
    }
}

/// <summary>A part of a SELECT that depends on the input's columns, with holes of its own.</summary>
/// <remarks>Names and patterns stay holes until the engine fills them, so that each engine quotes them its own way.</remarks>
public sealed record SqlFragment(string Text, ImmutableDictionary<string, SqlArgument> Arguments)
{
    /// <summary>Puts the fragment in place of a hole of a script.</summary>
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
