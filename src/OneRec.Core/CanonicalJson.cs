using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace OneRec.Core;

/// <summary>Canonical JSON: keys sorted by UTF-16 code unit, no white space. Fingerprints and ids are hashes of it.</summary>
/// <remarks>
/// Numbers: 64-bit integers as their digits, all others as the shortest text of their double, so <c>1.0</c> becomes <c>1</c>.
/// Characters outside printable ASCII are escaped as <c>\uXXXX</c>.
/// </remarks>
public static class CanonicalJson
{
    // Below this a double represents every integer exactly.
    private const double MaxExactWhole = 1L << 53;

    /// <summary>The canonical text of a JSON value.</summary>
    public static string Write(JsonNode? node)
    {
        var text = new StringBuilder();
        Append(text, node);
        return text.ToString();
    }

    private static string Number(string json)
    {
        if (long.TryParse(json, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long whole))
        {
            return whole.ToString(CultureInfo.InvariantCulture);
        }

        double real = double.Parse(json, NumberStyles.Float, CultureInfo.InvariantCulture);
        return Math.Abs(real) < MaxExactWhole && real == Math.Truncate(real)
            ? ((long)real).ToString(CultureInfo.InvariantCulture)
            : real.ToString("R", CultureInfo.InvariantCulture);
    }

    private static void Append(StringBuilder text, JsonNode? node)
    {
        switch (node)
        {
            case null:
                text.Append("null");
                break;
            case JsonObject map:
                text.Append('{');
                bool first = true;
                foreach ((string key, JsonNode? value) in map.OrderBy(p => p.Key, StringComparer.Ordinal))
                {
                    text.Append(first ? "" : ",").Append(JsonSerializer.Serialize(key)).Append(':');
                    Append(text, value);
                    first = false;
                }

                text.Append('}');
                break;
            case JsonArray list:
                text.Append('[');
                for (int i = 0; i < list.Count; i++)
                {
                    text.Append(i == 0 ? "" : ",");
                    Append(text, list[i]);
                }

                text.Append(']');
                break;
            default:
                string json = node.ToJsonString();
                text.Append(node.GetValueKind() == JsonValueKind.Number ? Number(json) : json);
                break;
        }
    }
}
