using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace OneRec.Core;

/// <summary>JSON with one spelling: keys ordered by UTF-16 code unit, no white space. What fingerprints and ids hash.</summary>
public static class CanonicalJson
{
    /// <summary>The one spelling of a JSON value.</summary>
    public static string Write(JsonNode? node)
    {
        var text = new StringBuilder();
        Append(text, node);
        return text.ToString();
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
                text.Append(node.ToJsonString());
                break;
        }
    }
}
