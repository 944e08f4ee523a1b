using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using OneRec.Core;

namespace OneRec.Configuration;

/// <summary>
/// One option given as text, in the environment or with <c>--set</c>. The value is JSON if it parses as JSON, else
/// text.
/// </summary>
/// <param name="Segments">The segments of the key.</param>
/// <param name="Value">The value as the user wrote it.</param>
/// <param name="Where">The location, for messages.</param>
/// <param name="AnyCase">Whether keys match in any letter case, as for environment variables.</param>
internal sealed record ConfigurationText(IReadOnlyList<string> Segments, string Value, string Where, bool AnyCase)
{
    /// <summary>
    /// Converts it to the JSON object that a file would contain. If the key is not an option, adds a problem and
    /// returns null.
    /// </summary>
    public JsonObject? ToTree(ConfigurationSchema schema, Problems problems)
    {
        var tree = new JsonObject();
        JsonObject place = tree;
        JsonTypeInfo type = schema.Root;
        string[] spelled = [.. Segments];
        for (int i = 0; i < Segments.Count; i++)
        {
            if (type.Kind == JsonTypeInfoKind.Dictionary)
            {
                string rest = string.Join('.', Segments.Skip(i));
                place[rest] = ToNode(schema.Type(type.ElementType!), opaque: false);
                return tree;
            }

            JsonPropertyInfo? property = type.Kind == JsonTypeInfoKind.Object
                ? ConfigurationSchema.Find(type, Segments[i], AnyCase)
                : null;
            if (property is null)
            {
                problems.Add(schema.Unknown(string.Join('.', spelled), Where, AnyCase));
                return null;
            }

            spelled[i] = property.Name;
            bool opaque = property.CustomConverter is not null;
            type = schema.Type(property.PropertyType);
            if (i == Segments.Count - 1)
            {
                place[property.Name] = ConfigurationSchema.IsPath(property) ? ToPaths(type) : ToNode(type, opaque);
                return tree;
            }

            if (opaque || type.Kind is not (JsonTypeInfoKind.Object or JsonTypeInfoKind.Dictionary))
            {
                problems.Add(schema.Unknown(string.Join('.', spelled), Where, AnyCase));
                return null;
            }

            var inner = new JsonObject();
            place[property.Name] = inner;
            place = inner;
        }

        return tree;
    }

    // A folder may be named 2024 or true: only a text, a list and null are JSON here.
    private JsonNode? ToPaths(JsonTypeInfo type) => ToNode(type, opaque: false) is var node && node is null or JsonArray
            || node.GetValueKind() == JsonValueKind.String
        ? node
        : JsonValue.Create(Value);

    private JsonNode? ToNode(JsonTypeInfo type, bool opaque)
    {
        JsonNode? node;
        try
        {
            node = JsonNode.Parse(Value);
        }
        catch (JsonException)
        {
            return JsonValue.Create(Value);
        }

        // If text is expected, an id such as 007 or 20261124 stays text.
        bool wantsText = !opaque && type.Type == typeof(string);
        return wantsText && node is not null && node.GetValueKind() != JsonValueKind.String
            ? JsonValue.Create(Value)
            : node;
    }
}
