using System.Globalization;
using System.Text.Json;

namespace OneRec.Csv.Json;

/// <summary>Messages about malformed lines of JSON; each continues "row 2 ...".</summary>
internal static class JsonProblems
{
    public const string NoObject = "is not one JSON object";

    public const string NoText = "has an escape that is half a character, such as \\ud800; write the text as UTF-8";

    /// <summary>A line is not UTF-8.</summary>
    public static string NotUtf8(byte value, int place) =>
        $"is not UTF-8 (byte 0x{value:X2} at position {place + 1}); convert the file, for example with iconv -f LATIN1 -t UTF-8";

    /// <summary>Why a line is not JSON.</summary>
    /// <param name="line">The line in UTF-8.</param>
    /// <param name="error">The parser's error.</param>
    public static string Of(ReadOnlySpan<byte> line, JsonException error)
    {
        ReadOnlySpan<byte> inner = line.TrimStart((byte)' ');
        inner = inner.StartsWith("{"u8) ? inner[1..].TrimStart((byte)' ') : default;
        return inner.StartsWith("'"u8) || inner.StartsWith("u'"u8)
            ? "is not JSON: it is an object as Python prints it; write it with json.dumps"
            : error.BytePositionInLine is { } place
                ? string.Create(CultureInfo.InvariantCulture, $"is not JSON (at byte {place + 1}); a record is one object on one line")
                : "is not JSON; a record is one object on one line";
    }
}
