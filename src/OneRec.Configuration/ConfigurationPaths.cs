using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;

namespace OneRec.Configuration;

/// <summary>Makes the paths among the options full.</summary>
internal static class ConfigurationPaths
{
    /// <summary>A path, or each of a list, made full; anything else and what has a scheme stays as it is.</summary>
    public static JsonNode? Full(JsonNode? value, string folder) => value switch
    {
        JsonArray list => new JsonArray([.. list.Select(v => Full(v, folder))]),
        JsonValue v when v.TryGetValue(out string? text) => JsonValue.Create(Full(text, folder)),
        _ => value?.DeepClone(),
    };

    /// <summary>A path made full.</summary>
    public static string Full(string path, string folder) =>
        path.Contains("://", StringComparison.Ordinal) ? path : Path.GetFullPath(path, folder);

    /// <summary>Adds the full form of each default path that the sources leave as it is.</summary>
    public static void AddDefaults<T>(JsonObject merged, ConfigurationSchema schema, string folder)
        where T : new() => AddDefaults(merged, schema, schema.Root, new T(), folder);

    private static void AddDefaults(
        JsonObject merged, ConfigurationSchema schema, JsonTypeInfo type, object defaults, string folder)
    {
        foreach (JsonPropertyInfo property in ConfigurationSchema.Properties(type))
        {
            object? value = property.Get?.Invoke(defaults);
            JsonTypeInfo inner = schema.Type(property.PropertyType);
            if (value is string path && ConfigurationSchema.IsPath(property))
            {
                if (!merged.ContainsKey(property.Name))
                {
                    merged[property.Name] = Full(path, folder);
                }
            }
            else if (value is not null && property.CustomConverter is null && inner.Kind == JsonTypeInfoKind.Object)
            {
                bool given = merged.TryGetPropertyValue(property.Name, out JsonNode? node);
                if (given && node is not JsonObject)
                {
                    continue;
                }

                JsonObject section = node as JsonObject ?? [];
                AddDefaults(section, schema, inner, value, folder);
                if (!given && section.Count > 0)
                {
                    merged[property.Name] = section;
                }
            }
        }
    }
}

/// <summary>
/// Marks an option that names a file or folder, a glob of them, or a list of such. The loader makes it a full path:
/// one given in a file is relative to that file, one from environment or <c>--set</c> to the working directory.
/// A value with a scheme (<c>s3://...</c>) is left as it is.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class ConfigPathAttribute : Attribute;
