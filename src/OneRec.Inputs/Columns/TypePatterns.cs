using System.Globalization;
using System.Text.RegularExpressions;
using OneRec.Inputs.Options;

namespace OneRec.Inputs.Columns;

/// <summary>Which texts are values of a type: the same patterns in our own code and in the engines' SQL.</summary>
/// <remarks>Only what .NET, Java and RE2 read alike is used: ASCII classes, groups, counted repeats, \A and \z.</remarks>
public static partial class TypePatterns
{
    /// <summary>Whole numbers as they are written plainly; the range is checked by the cast.</summary>
    public const string BigInt = @"\A-?(0|[1-9][0-9]{0,18})\z";

    /// <summary>Decimal numbers.</summary>
    public const string Double = @"\A[+-]?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]{1,3})?\z";

    /// <summary>ISO 8601 dates.</summary>
    public const string Date = @"\A[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])\z";

    /// <summary>ISO 8601 times to the microsecond, with seconds; T or a space; Z, an offset such as +02:00, or none for UTC.</summary>
    public const string Timestamp =
        @"\A[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])[T ]([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](\.[0-9]{1,6})?(Z|[+-](0[0-9]|1[0-8]):[0-5][0-9])?\z";

    /// <summary>Truth values.</summary>
    public const string Boolean = @"\A(true|false)\z";

    /// <summary>
    /// Whether a text makes its column one of a type: a number with leading zeros, such as <c>007</c>, is a value of DOUBLE
    /// but speaks for STRING.
    /// </summary>
    public static bool SpeaksFor(ColumnType type, string value) =>
        Fits(type, value) && (type != ColumnType.Double || !LeadingZeroRegex().IsMatch(value));

    /// <summary>The pattern of a type; null for text, which needs none.</summary>
    public static string? Of(ColumnType type) => type switch
    {
        ColumnType.BigInt => BigInt,
        ColumnType.Double => Double,
        ColumnType.Date => Date,
        ColumnType.Timestamp => Timestamp,
        ColumnType.Boolean => Boolean,
        _ => null,
    };

    /// <summary>Whether a text is a value of a type.</summary>
    public static bool Fits(ColumnType type, string value) => type switch
    {
        ColumnType.BigInt => BigIntRegex().IsMatch(value) && long.TryParse(value, CultureInfo.InvariantCulture, out _),
        ColumnType.Double => DoubleRegex().IsMatch(value) && double.IsFinite(double.Parse(value, CultureInfo.InvariantCulture)),
        ColumnType.Date => DateRegex().IsMatch(value) && InputTime.TryParse(value, out _),
        ColumnType.Timestamp => TimestampRegex().IsMatch(value) && InputTime.TryParse(value, out _),
        ColumnType.Boolean => value is "true" or "false",
        _ => true,
    };

    [GeneratedRegex(BigInt)]
    private static partial Regex BigIntRegex();

    [GeneratedRegex(Double)]
    private static partial Regex DoubleRegex();

    [GeneratedRegex(@"\A[+-]?0[0-9]")]
    private static partial Regex LeadingZeroRegex();

    [GeneratedRegex(Date)]
    private static partial Regex DateRegex();

    [GeneratedRegex(Timestamp)]
    private static partial Regex TimestampRegex();
}

/// <summary>The narrowest type that every text of a column speaks for.</summary>
internal sealed class TypeInference
{
    private static readonly ColumnType[] Candidates =
        [ColumnType.BigInt, ColumnType.Double, ColumnType.Timestamp, ColumnType.Date];

    private readonly bool[] _fits = [true, true, true, true];
    private bool _seen;

    /// <summary>BIGINT, DOUBLE or STRING; STRING where no text was seen.</summary>
    public ColumnType Type => !_seen ? ColumnType.Text : _fits[0] ? ColumnType.BigInt : _fits[1] ? ColumnType.Double : ColumnType.Text;

    /// <summary>What times of the column are written as where it is text; null where they are none.</summary>
    public InputTimeUnit? TimeUnit => !_seen ? null : _fits[3] ? InputTimeUnit.Date : _fits[2] ? InputTimeUnit.Timestamp : null;

    /// <summary>Looks at one text that is not null.</summary>
    public void See(string value)
    {
        _seen = true;
        for (int t = 0; t < Candidates.Length; t++)
        {
            _fits[t] = _fits[t] && TypePatterns.SpeaksFor(Candidates[t], value);
        }
    }
}
