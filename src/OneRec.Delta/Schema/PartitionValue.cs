using System.Globalization;
using Apache.Arrow.Types;

namespace OneRec.Delta;

/// <summary>Converts partition values between the log's text and .NET (Delta protocol, "Partition Value Serialization").</summary>
internal static class PartitionValue
{
    private static readonly string[] Times =
    [
        "yyyy-MM-dd HH:mm:ss.FFFFFF", "yyyy-MM-dd'T'HH:mm:ss.FFFFFF'Z'", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFzzz",
    ];

    /// <summary>
    /// Parses a text to <see cref="long"/>, <see cref="double"/>, <see cref="string"/>, <see cref="bool"/>,
    /// <see cref="DateOnly"/>, <see cref="DateTimeOffset"/>, <see cref="decimal"/>, bytes, or null (an empty text is null
    /// for every type). A float is parsed as a float and then widened.
    /// </summary>
    /// <exception cref="FormatException">The text is not a value of the type.</exception>
    public static object? Parse(string? text, IArrowType type)
    {
        if (string.IsNullOrEmpty(text))
        {
            return null;
        }

        try
        {
            return ParseText(text, type);
        }
        catch (OverflowException e)
        {
            throw new FormatException(e.Message, e);
        }
    }

    /// <summary>The text of a value that <see cref="Parse"/> returns; null for null.</summary>
    /// <exception cref="ArgumentException">The value is an empty text, which the log reads as null, or cannot be a partition value.</exception>
    public static string? Write(object? value) => value switch
    {
        null => null,
        "" => throw new ArgumentException("an empty text would be read back as null"),
        string text => text,
        long whole => whole.ToString(CultureInfo.InvariantCulture),
        double real => real.ToString("R", CultureInfo.InvariantCulture),
        bool flag => flag ? "true" : "false",
        decimal number => number.ToString(CultureInfo.InvariantCulture),
        DateOnly day => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        DateTimeOffset time => time.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss.ffffff", CultureInfo.InvariantCulture),
        _ => throw new ArgumentException($"a partition column cannot hold a {value.GetType().Name}"),
    };

    private static object ParseText(string text, IArrowType type)
    {
        CultureInfo culture = CultureInfo.InvariantCulture;
        return type switch
        {
            StringType => text,
            Int8Type => (long)sbyte.Parse(text, NumberStyles.AllowLeadingSign, culture),
            Int16Type => (long)short.Parse(text, NumberStyles.AllowLeadingSign, culture),
            Int32Type => (long)int.Parse(text, NumberStyles.AllowLeadingSign, culture),
            Int64Type => long.Parse(text, NumberStyles.AllowLeadingSign, culture),
            FloatType => (double)float.Parse(text, NumberStyles.Float, culture),
            DoubleType => double.Parse(text, NumberStyles.Float, culture),
            BooleanType => bool.Parse(text),
            Decimal128Type => decimal.Parse(text, NumberStyles.Number & ~NumberStyles.AllowThousands, culture),
            Date32Type => DateOnly.ParseExact(text, "yyyy-MM-dd", culture),
            TimestampType => DateTimeOffset.ParseExact(text, Times, culture, DateTimeStyles.AssumeUniversal),
            BinaryType => System.Text.Encoding.UTF8.GetBytes(text),
            _ => throw new FormatException($"a partition column cannot be of type {type.Name}"),
        };
    }
}
