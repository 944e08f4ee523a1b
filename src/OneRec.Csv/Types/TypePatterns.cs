using System.Text;

namespace OneRec.Csv.Types;

/// <summary>Which texts are values of a type, as patterns for the engines' SQL.</summary>
/// <remarks>
/// Only what .NET, Java and RE2 read alike is used: ASCII classes, groups, counted repeats, \A and \z. Ranges are checked by
/// the cast. <see cref="TypedText"/> decides the same without a pattern; a test holds the two against each other.
/// </remarks>
public static class TypePatterns
{
    /// <summary>Whole numbers as they are written plainly.</summary>
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
    public static bool Fits(ColumnType type, string value)
    {
        ArgumentNullException.ThrowIfNull(value);
        return TypedText.Fits(type, Encoding.UTF8.GetBytes(value));
    }
}
