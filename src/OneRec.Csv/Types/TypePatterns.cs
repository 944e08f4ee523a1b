using System.Text;

namespace OneRec.Csv.Types;

/// <summary>Regular expressions of the values of each type, for the engines' SQL.</summary>
/// <remarks>
/// They use only syntax with the same meaning in .NET, Java and RE2: ASCII classes, groups, counted repeats, \A and \z. The cast
/// checks ranges. <see cref="TypedText"/> makes the same decisions without patterns; a test compares the two.
/// </remarks>
public static class TypePatterns
{
    /// <summary>Integers without a plus sign or leading zeros.</summary>
    public const string BigInt = @"\A-?(0|[1-9][0-9]{0,18})\z";

    /// <summary>Integers with leading zeros or a fraction of zeros, as a declared BIGINT takes them.</summary>
    public const string WholeNumber = @"\A-?[0-9]{1,30}(\.0{1,6})?\z";

    /// <summary>Decimal numbers.</summary>
    public const string Double = @"\A[+-]?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]{1,3})?\z";

    /// <summary>ISO 8601 dates.</summary>
    public const string Date = @"\A[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])\z";

    /// <summary>ISO 8601 times with seconds, to the microsecond; T or a space; Z, <c> UTC</c>, an offset such as +02:00, or nothing for UTC.</summary>
    public const string Timestamp =
        @"\A[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])[T ]([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](\.[0-9]{1,6})?(Z| UTC|[+-](0[0-9]|1[0-8]):[0-5][0-9])?\z";

    /// <summary>Booleans.</summary>
    public const string Boolean = @"\A(true|false)\z";

    /// <summary>The pattern of a type; null for text.</summary>
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
