using System.Collections.Immutable;
using OneRec.Pipeline.Engine;

namespace OneRec.Pipeline.Inputs;

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
    public string User(string sql) => "(" + Hole(new SqlArgument.Expression(sql)) + "\n)";

    /// <summary>A text column as a type: null where the text is no value of it.</summary>
    public string Typed(string column, ColumnType type)
    {
        string name = Name(column);
        if (TypePatterns.Of(type) is not { } pattern)
        {
            return name;
        }

        // A cast to TIMESTAMP keeps the offset in Spark and drops it in DuckDB; the function means an instant in both.
        string value = type == ColumnType.Timestamp
            ? $"try_to_timestamp({name})"
            : $"try_cast({name} AS {CsvSource.Name(type)})";
        return $"CASE WHEN regexp_like({name}, {Hole(pattern)}) THEN {value} END";
    }

    /// <summary>1 where a text column has a value that is none of its type, else 0.</summary>
    public string Misfit(string column, ColumnType type) =>
        $"CASE WHEN {Name(column)} IS NOT NULL AND ({Typed(column, type)}) IS NULL THEN 1 ELSE 0 END";

    /// <summary>Microseconds since 1970 of a text column; null where it is no time between the years 1 and 9999.</summary>
    public string Micros(string column, TimeUnit unit)
    {
        switch (unit)
        {
            case TimeUnit.Timestamp:
                return $"unix_micros({Typed(column, ColumnType.Timestamp)})";
            case TimeUnit.Date:
                return $"unix_micros(CAST({Typed(column, ColumnType.Date)} AS TIMESTAMP))";
            default:
                long micros = MicrosOf(unit);
                string value = Typed(column, ColumnType.BigInt);
                string low = Hole(TimeLimits.LowestMicros / micros);
                string high = Hole(TimeLimits.HighestMicros / micros);
                return $"CASE WHEN ({value}) BETWEEN {low} AND {high} THEN ({value}) * {Hole(micros)} END";
        }
    }

    /// <summary>The composed text with its arguments.</summary>
    public SqlFragment Fragment(string text) => new(text, _arguments.ToImmutable());

    private static long MicrosOf(TimeUnit unit) => unit switch
    {
        TimeUnit.S => 1_000_000,
        TimeUnit.Ms => 1_000,
        _ => 1,
    };
}
