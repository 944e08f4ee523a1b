using System.Text;

namespace OneRec.Csv.Types;

/// <summary>Infers the narrowest type that fits the texts of a column, and finds the texts that do not fit one.</summary>
public sealed class TypeInference
{
    private static readonly ColumnType[] Candidates =
        [ColumnType.BigInt, ColumnType.Double, ColumnType.Timestamp, ColumnType.Date];

    private static readonly (ColumnType Type, InputTimeUnit? Unit)[] Times =
        [(ColumnType.BigInt, null), (ColumnType.Double, null), (ColumnType.Timestamp, InputTimeUnit.Timestamp), (ColumnType.Date, InputTimeUnit.Date)];

    private readonly long[] _fits = new long[Candidates.Length];
    private readonly (string Text, int Place)?[] _others = new (string Text, int Place)?[Candidates.Length];
    private long _seen;

    /// <summary>BIGINT, DOUBLE or STRING; STRING if there was no text.</summary>
    public ColumnType Type => _seen == 0 ? ColumnType.Text
        : _fits[0] == _seen ? ColumnType.BigInt
        : _fits[1] == _seen ? ColumnType.Double
        : ColumnType.Text;

    /// <summary>The format of the times in the column: ISO 8601 dates or times; null if it has others.</summary>
    public InputTimeUnit? TimeUnit => _seen == 0 ? null
        : _fits[3] == _seen ? Types.InputTimeUnit.Date
        : _fits[2] == _seen ? Types.InputTimeUnit.Timestamp
        : null;

    /// <summary>BIGINT, DOUBLE, TIMESTAMP or DATE, whichever most texts of a column of times have; null if no text has one.</summary>
    public ColumnType? TimeType => Times.Select(t => t.Type).MaxBy(FitsOf) is var best && FitsOf(best) > 0 ? best : null;

    /// <summary>If at least 99 % of 100 or more texts are integers but the column is STRING, the first other text; otherwise null.</summary>
    public string? AlmostBigInt => Type == ColumnType.Text && Strays(ColumnType.BigInt) is { AreNotable: true } strays ? strays.First : null;

    /// <summary>The format of times of a type; null for numbers, whose unit depends on their values.</summary>
    public static InputTimeUnit? UnitOf(ColumnType type) => Times.Single(t => t.Type == type).Unit;

    /// <summary>The texts that are not of a type; null if all are of it, or none is.</summary>
    /// <param name="type">BIGINT, DOUBLE, TIMESTAMP or DATE.</param>
    public StrayTexts? Strays(ColumnType type)
    {
        int place = Array.IndexOf(Candidates, type);
        return _fits[place] > 0 && _others[place] is { } other
            ? new StrayTexts(type, other.Text, other.Place, _seen - _fits[place], _seen)
            : null;
    }

    /// <summary>The type of a STRING column apart from bad values: BIGINT or DOUBLE if nearly all texts are; otherwise null.</summary>
    public StrayTexts? BadNumbers()
    {
        if (Type != ColumnType.Text || Strays(ColumnType.Double) is not { AreBad: true } numbers)
        {
            return null;
        }

        return Strays(ColumnType.BigInt) is { } integers && integers.Count == numbers.Count ? integers : numbers;
    }

    /// <summary>Adds a text.</summary>
    /// <param name="value">The text.</param>
    /// <param name="place">Where it is, for <see cref="StrayTexts.Place"/>.</param>
    public void Add(string value, int place = 0)
    {
        ArgumentNullException.ThrowIfNull(value);
        Add(Encoding.UTF8.GetBytes(value), place);
    }

    /// <summary>Adds a text.</summary>
    /// <param name="value">The text as UTF-8.</param>
    /// <param name="place">Where it is, for <see cref="StrayTexts.Place"/>.</param>
    public void Add(ReadOnlySpan<byte> value, int place = 0)
    {
        _seen++;
        for (int t = 0; t < Candidates.Length; t++)
        {
            if (TypedText.Suggests(Candidates[t], value))
            {
                _fits[t]++;
            }
            else
            {
                _others[t] ??= (Encoding.UTF8.GetString(value), place);
            }
        }
    }

    private long FitsOf(ColumnType type) => _fits[Array.IndexOf(Candidates, type)];
}
