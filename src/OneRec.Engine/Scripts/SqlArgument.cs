namespace OneRec.Engine.Scripts;

/// <summary>A typed value for a hole of a <see cref="SqlScript"/>; the engine writes it as a safe literal.</summary>
public abstract record SqlArgument
{
    private SqlArgument()
    {
    }

    /// <summary>A whole number.</summary>
    public static implicit operator SqlArgument(long value) => new Whole(value);

    /// <summary>A whole number.</summary>
    public static implicit operator SqlArgument(int value) => new Whole(value);

    /// <summary>A double, written so that it is read back with the same bits.</summary>
    public static implicit operator SqlArgument(double value) => new Real(value);

    /// <summary>A string literal, quoted by the engine.</summary>
    public static implicit operator SqlArgument(string value) => new Text(value);

    /// <summary>A UTC timestamp of microseconds.</summary>
    public static implicit operator SqlArgument(DateTimeOffset value) => new Instant(value);

    /// <summary>A whole number.</summary>
    public sealed record Whole(long Value) : SqlArgument;

    /// <summary>A double.</summary>
    public sealed record Real(double Value) : SqlArgument;

    /// <summary>A string literal.</summary>
    public sealed record Text(string Value) : SqlArgument;

    /// <summary>A UTC timestamp.</summary>
    public sealed record Instant(DateTimeOffset Value) : SqlArgument;

    /// <summary>The name of a column or relation, quoted by the engine.</summary>
    public sealed record Name(string Value) : SqlArgument;

    /// <summary>SQL composed by the program; inserted unchanged. SQL of the user is one of the next two.</summary>
    public sealed record Expression(string Sql) : SqlArgument;

    /// <summary>An expression that the user wrote: the engine accepts it only as one expression that reads columns and nothing else.</summary>
    public sealed record UserExpression(string Sql) : SqlArgument;

    /// <summary>A SELECT that the user wrote: the engine accepts it only as one query over the script's inputs.</summary>
    public sealed record UserSelect(string Sql) : SqlArgument;
}
