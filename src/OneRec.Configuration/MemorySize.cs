using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;

namespace OneRec.Configuration;

/// <summary>Memory sizes as text: <c>2 GiB</c>, <c>512 MiB</c>, <c>1.5GB</c>, or bytes.</summary>
public static partial class MemorySize
{
    private static readonly string[] Binary = ["B", "KiB", "MiB", "GiB", "TiB", "PiB"];

    /// <summary>Parses a size.</summary>
    /// <param name="text">
    /// A number with an optional unit: B (the default), KiB, MiB, GiB, TiB (powers of 1,024), or kB, MB, GB, TB (powers
    /// of 1,000).
    /// </param>
    /// <param name="bytes">The size in bytes, rounded down.</param>
    /// <returns>False if the text is not a size or the size does not fit.</returns>
    public static bool TryParse(string? text, out long bytes)
    {
        bytes = 0;
        Match match = Form().Match(text ?? "");
        if (!match.Success)
        {
            return false;
        }

        decimal unit = match.Groups["unit"].Value.ToUpperInvariant() switch
        {
            "" or "B" => 1m,
            "KIB" => 1L << 10,
            "MIB" => 1L << 20,
            "GIB" => 1L << 30,
            "TIB" => 1L << 40,
            "KB" => 1e3m,
            "MB" => 1e6m,
            "GB" => 1e9m,
            _ => 1e12m,
        };
        decimal number = decimal.Parse(match.Groups["number"].Value, CultureInfo.InvariantCulture);
        if (number > long.MaxValue / unit)
        {
            return false;
        }

        bytes = (long)(number * unit);
        return true;
    }

    /// <summary>
    /// A size in bytes; half of the memory available to the process if the text is null or not a size.
    /// </summary>
    public static long OrDefault(string? text) =>
        TryParse(text, out long bytes) ? bytes : MachineResources.MemoryBytes() / 2;

    /// <summary>Formats a size for people, in the unit that gives one to four digits: <c>1.5 GiB</c>.</summary>
    public static string Format(long bytes)
    {
        double size = bytes;
        int unit = 0;
        while (size >= 1000 && unit < Binary.Length - 1)
        {
            size /= 1024;
            unit++;
        }

        string number = size.ToString(unit == 0 || size >= 100 ? "F0" : "0.#", CultureInfo.InvariantCulture);
        return $"{number} {Binary[unit]}";
    }

    [GeneratedRegex(
        @"\A\s*(?<number>[0-9]{1,18}(\.[0-9]{1,9})?)\s*(?<unit>B|[KMGT]iB|[KMGT]B)?\s*\z",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Form();
}

/// <summary>Reads text or a number as text, for options such as <c>memoryLimit</c>: <c>"2 GiB"</c> or bytes.</summary>
public sealed class TextOrNumberConverter : JsonConverter<string>
{
    /// <inheritdoc/>
    public override string? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType switch
        {
            JsonTokenType.String => reader.GetString(),
            JsonTokenType.Number => Encoding.UTF8.GetString(reader.ValueSpan),
            _ => throw new JsonException("must be text or a number"),
        };

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, string value, JsonSerializerOptions options)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.WriteStringValue(value);
    }
}
