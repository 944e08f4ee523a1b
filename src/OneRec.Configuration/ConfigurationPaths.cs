using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using OneRec.Core;

namespace OneRec.Configuration;

/// <summary>Makes paths in options absolute.</summary>
internal static class ConfigurationPaths
{
    /// <summary>
    /// Makes a path, or each path of a list, absolute; other values, paths with a scheme and names of tables are unchanged.
    /// </summary>
    /// <param name="value">The value of an option.</param>
    /// <param name="folder">The folder that relative paths refer to.</param>
    /// <param name="mayBeTable">Whether the option also takes tables of a catalog; a path that exists is a path all the same.</param>
    public static JsonNode? Full(JsonNode? value, string folder, bool mayBeTable) => value switch
    {
        JsonArray list => new JsonArray([.. list.Select(v => Full(v, folder, mayBeTable))]),
        JsonValue v when v.TryGetValue(out string? text) => JsonValue.Create(
            mayBeTable && SourceName.IsTable(text) && !Path.Exists(Full(text, folder)) ? text : Full(text, folder)),
        _ => value?.DeepClone(),
    };

    /// <summary>Makes a path absolute; a path with a scheme is unchanged.</summary>
    public static string Full(string path, string folder) =>
        path.Contains("://", StringComparison.Ordinal) ? path : Path.GetFullPath(path, folder);

    /// <summary>Adds the absolute form of each default path that the sources do not set.</summary>
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
/// Marks an option that is a path of a file or folder, a glob pattern, or a list of these. The loader makes it
/// absolute: a path in a file is relative to that file, a path from the environment or <c>--set</c> to the working
/// directory. A value with a scheme (<c>s3://...</c>) is unchanged.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class ConfigPathAttribute : Attribute
{
    /// <summary>Whether a name such as <c>schema.table</c> is a table of a catalog, and unchanged, unless a path of that name exists.</summary>
    /// <value>Default false.</value>
    public bool OrTable { get; init; }
}
