using System.Globalization;
using System.Text;

namespace OneRec.Engine.Spark.Jvm.Py4J;

/// <summary>Values in Py4J's protocol: a type letter and a text without line breaks.</summary>
/// <remarks><c>py4j/protocol.py</c> and <c>py4j.Protocol</c>, version 0.10.9.</remarks>
public static class Py4JText
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Appends the line of a value to a command.</summary>
    /// <exception cref="ArgumentException">The type is not supported by <see cref="IJvm"/>, or the text is not valid Unicode.</exception>
    public static void AppendValue(StringBuilder command, object? value)
    {
        ArgumentNullException.ThrowIfNull(command);
        command.Append(value switch
        {
            null => "n",
            bool flag => flag ? "btrue" : "bfalse",
            int number => "i" + number.ToString(CultureInfo.InvariantCulture),
            long number => "L" + number.ToString(CultureInfo.InvariantCulture),
            double number => "d" + number.ToString("R", CultureInfo.InvariantCulture),
            string text => "s" + Escape(text),
            byte[] bytes => "j" + Convert.ToBase64String(bytes),
            Py4JObject target => "r" + target.Id,
            _ => throw new ArgumentException($"a {value.GetType().Name} cannot be passed to the JVM", nameof(value)),
        }).Append('\n');
    }

    /// <summary>The value in the text of an answer.</summary>
    /// <param name="text">The text after success or error: a type letter and a value.</param>
    /// <param name="wrap">Makes a handle from the id of an object.</param>
    /// <exception cref="InvalidDataException">The type letter is unknown.</exception>
    public static object? ReadValue(string text, Func<string, JvmObject> wrap)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(wrap);
        if (text.Length == 0)
        {
            return null;
        }

        string value = text[1..];
        return text[0] switch
        {
            'n' or 'v' => null,
            'b' => value.Equals("true", StringComparison.OrdinalIgnoreCase),
            'i' => int.Parse(value, CultureInfo.InvariantCulture),
            'L' => long.Parse(value, CultureInfo.InvariantCulture),
            'd' or 'D' => double.Parse(value, CultureInfo.InvariantCulture),
            's' => Unescape(value),
            'j' => Convert.FromBase64String(value),
            'r' or 't' or 'l' or 'a' or 'h' or 'g' => wrap(value),
            _ => throw new InvalidDataException($"Py4J answered with type '{text[0]}'"),
        };
    }

    /// <summary>The bytes of a command.</summary>
    public static byte[] Encode(string command) => Strict.GetBytes(command);

    /// <summary>The text of the bytes of a line.</summary>
    public static string Decode(ReadOnlySpan<byte> line) => Strict.GetString(line);

    private static string Escape(string text) =>
        text.Replace("\\", "\\\\", StringComparison.Ordinal)
            .Replace("\r", "\\r", StringComparison.Ordinal)
            .Replace("\n", "\\n", StringComparison.Ordinal);

    private static string Unescape(string text)
    {
        if (!text.Contains('\\', StringComparison.Ordinal))
        {
            return text;
        }

        var plain = new StringBuilder(text.Length);
        for (int i = 0; i < text.Length; i++)
        {
            if (text[i] != '\\' || i + 1 == text.Length)
            {
                plain.Append(text[i]);
                continue;
            }

            i++;
            plain.Append(text[i] switch { 'n' => '\n', 'r' => '\r', var other => other });
        }

        return plain.ToString();
    }
}
