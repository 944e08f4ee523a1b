using System.ComponentModel;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace OneRec.Configuration;

/// <summary>
/// The schema of all options, taken from the serializer's contract of the option records, so that names, converters and
/// attributes have the same meaning here as when the options are read.
/// </summary>
public sealed class ConfigurationSchema
{
    private readonly Type _root;

    private ConfigurationSchema(Type root, Action<JsonTypeInfo>? shape)
    {
        _root = root;
        Json = MakeJson(shape);
    }

    /// <summary>The serializer settings: camelCase, strict, enumerations by name.</summary>
    internal JsonSerializerOptions Json { get; }

    /// <summary>The contract of all options.</summary>
    internal JsonTypeInfo Root => Type(_root);

    /// <summary>Creates the schema of a record.</summary>
    /// <param name="shape">Adds options that a record type does not declare; called for every type.</param>
    public static ConfigurationSchema Of<T>(Action<JsonTypeInfo>? shape = null)
        where T : new() => new(typeof(T), shape);

    /// <summary>The contract of a type; for a nullable value type <c>T?</c>, the contract of T.</summary>
    internal JsonTypeInfo Type(Type type) => Json.GetTypeInfo(Nullable.GetUnderlyingType(type) ?? type);

    /// <summary>The options of a record: its settable properties.</summary>
    internal static IEnumerable<JsonPropertyInfo> Properties(JsonTypeInfo type) =>
        type.Properties.Where(p => p.Set is not null || p.AssociatedParameter is not null);

    /// <summary>Finds an option of a record by its key; null if there is none.</summary>
    internal static JsonPropertyInfo? Find(JsonTypeInfo type, string name, bool anyCase) => Properties(type).FirstOrDefault(
        p => string.Equals(p.Name, name, anyCase ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal));

    /// <summary>Whether an option is a path.</summary>
    internal static bool IsPath(JsonPropertyInfo property) =>
        property.AttributeProvider?.IsDefined(typeof(ConfigPathAttribute), inherit: true) ?? false;

    /// <summary>Whether an option is a path or a table of a catalog.</summary>
    internal static bool MayBeTable(JsonPropertyInfo property) => property.AttributeProvider?
        .GetCustomAttributes(typeof(ConfigPathAttribute), inherit: true).OfType<ConfigPathAttribute>().Any(a => a.OrTable) ?? false;

    /// <summary>All valid keys, including sections, in declaration order.</summary>
    internal IEnumerable<string> Keys() => Keys(Root, "");

    /// <summary>The problem line for an unknown key; suggests the nearest key.</summary>
    internal string Unknown(string key, string where, bool environment)
    {
        string? nearest = NearestKey.Of(key, Keys());
        string hint = nearest switch
        {
            null => "run 'onerec options' for a list of all options",
            _ when environment => $"did you mean {EnvironmentName(nearest)}?",
            _ => $"did you mean {nearest}?",
        };
        return $"{key} is not an option; {hint} [{where}]";
    }

    /// <summary>The values that a type accepts, for messages, such as <c>a whole number</c>.</summary>
    internal string Wanted(JsonTypeInfo type)
    {
        Type t = type.Type;
        return type.Kind switch
        {
            JsonTypeInfoKind.Object => "an object {...}",
            JsonTypeInfoKind.Dictionary => "an object {...}",
            JsonTypeInfoKind.Enumerable => "a list [...]",
            _ when t == typeof(bool) => "true or false",
            _ when t == typeof(string) => "text",
            _ when t == typeof(int) => $"a whole number of at most {int.MaxValue}",
            _ when t == typeof(long) => "a whole number",
            _ when t == typeof(double) || t == typeof(float) || t == typeof(decimal) => "a number",
            _ when t.IsEnum => "one of " + string.Join(", ", EnumNames(t)),
            _ => t.GetCustomAttribute<DescriptionAttribute>()?.Description ?? $"a value of {t.Name}",
        };
    }

    /// <summary>The values of an enumeration as written in a configuration.</summary>
    internal IEnumerable<string> EnumNames(Type type) => Enum.GetValues(type)
        .Cast<object>()
        .Select(v => JsonSerializer.SerializeToNode(v, type, Json)!.GetValue<string>());

    private static string EnvironmentName(string key) => ConfigurationLoader.EnvironmentPrefix
        + key.Replace(".", "__", StringComparison.Ordinal).ToUpperInvariant();

    private IEnumerable<string> Keys(JsonTypeInfo type, string prefix)
    {
        foreach (JsonPropertyInfo property in Properties(type))
        {
            string key = prefix + property.Name;
            yield return key;
            JsonTypeInfo inner = Type(property.PropertyType);
            if (property.CustomConverter is null && inner.Kind == JsonTypeInfoKind.Object)
            {
                foreach (string deeper in Keys(inner, key + "."))
                {
                    yield return deeper;
                }
            }
        }
    }

    private static JsonSerializerOptions MakeJson(Action<JsonTypeInfo>? shape)
    {
        var resolver = new DefaultJsonTypeInfoResolver();
        if (shape is not null)
        {
            resolver.Modifiers.Add(shape);
        }

        var json = new JsonSerializerOptions(JsonSerializerOptions.Strict)
        {
            PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
            AllowOutOfOrderMetadataProperties = true,
            TypeInfoResolver = resolver,
        };
        json.Converters.Add(new JsonStringEnumConverter(JsonNamingPolicy.CamelCase, allowIntegerValues: false));
        json.MakeReadOnly();
        return json;
    }
}
