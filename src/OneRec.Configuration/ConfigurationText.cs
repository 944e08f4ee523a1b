using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using OneRec.Core;

namespace OneRec.Configuration;

/// <summary>One option given as text, by environment or <c>--set</c>: its value may be JSON, else it is text.</summary>
/// <param name="Segments">The key, split.</param>
/// <param name="Value">As the user wrote it.</param>
/// <param name="Where">Where it stands, for messages.</param>
/// <param name="AnyCase">Whether keys match in any case, as environment variables do.</param>
internal sealed record ConfigurationText(IReadOnlyList<string> Segments, string Value, string Where, bool AnyCase)
{
    /// <summary>The object that a file would hold; null where the key is none, which is added to the problems.</summary>
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
                place[property.Name] = ToNode(type, opaque);
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

        // An id such as 007 or 20261124 stays the text that it is where text is wanted.
        bool wantsText = !opaque && type.Type == typeof(string);
        return wantsText && node is not null && node.GetValueKind() != JsonValueKind.String
            ? JsonValue.Create(Value)
            : node;
    }
}
