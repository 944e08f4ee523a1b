using System.Reflection;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace OneRec.Configuration;

/// <summary>The reference of all options, built from the option records and their doc comments.</summary>
public sealed class OptionsReference
{
    private readonly ConfigurationSchema _schema;
    private readonly JsonSerializerOptions _shown;

    private OptionsReference(ConfigurationSchema schema) => (_schema, _shown) = (schema, MakeShown(schema.Json));

    /// <summary>All options in declaration order; a section comes before its options.</summary>
    public static IReadOnlyList<OptionEntry> Read(ConfigurationSchema schema)
    {
        ArgumentNullException.ThrowIfNull(schema);
        var entries = new List<OptionEntry>();
        new OptionsReference(schema).Add(entries, schema.Root, Activator.CreateInstance(schema.Root.Type), "", "");
        return entries;
    }

    private void Add(List<OptionEntry> entries, JsonTypeInfo type, object? defaults, string prefix, string note)
    {
        foreach (JsonPropertyInfo property in ConfigurationSchema.Properties(type))
        {
            string key = prefix + property.Name;
            JsonTypeInfo inner = _schema.Type(property.PropertyType);
            object? value = defaults is null ? null : property.Get?.Invoke(defaults);
            var member = property.AttributeProvider as MemberInfo;
            DocComment doc = DocComments.Of(member);
            bool section = property.CustomConverter is null && inner.Kind == JsonTypeInfoKind.Object;
            entries.Add(new OptionEntry(
                key,
                TypeWord(property, inner),
                section ? "" : property.IsRequired ? OptionEntry.Required : Default(value, property),
                section ? DocComments.Of(inner.Type).Summary : doc.Summary,
                (note + doc.Value).Trim(),
                section));
            if (section)
            {
                Add(entries, inner, value, key + ".", note);
            }
            else if (property.CustomConverter is null && inner.Kind == JsonTypeInfoKind.Enumerable)
            {
                AddElements(entries, _schema.Type(inner.ElementType!), key + "[].");
            }
        }
    }

    private void AddElements(List<OptionEntry> entries, JsonTypeInfo element, string prefix)
    {
        if (element.Kind != JsonTypeInfoKind.Object)
        {
            return;
        }

        if (element.PolymorphismOptions is not { } kinds)
        {
            Add(entries, element, MakeDefault(element.Type), prefix, "");
            return;
        }

        string word = kinds.TypeDiscriminatorPropertyName;
        string words = string.Join(", ", kinds.DerivedTypes.Select(k => k.TypeDiscriminator));
        entries.Add(new OptionEntry(prefix + word, "text", OptionEntry.Required, "Kind of the block.", $"One of {words}.", false));
        var shared = ConfigurationSchema.Properties(element).Select(p => p.Name).ToHashSet(StringComparer.Ordinal);
        JsonDerivedType first = kinds.DerivedTypes[0];
        var all = new List<OptionEntry>();
        Add(all, _schema.Type(first.DerivedType), MakeDefault(first.DerivedType), prefix, "");
        entries.AddRange(all.Where(e => shared.Contains(e.Key[prefix.Length..])));
        foreach (JsonDerivedType kind in kinds.DerivedTypes)
        {
            var own = new List<OptionEntry>();
            Add(
                own,
                _schema.Type(kind.DerivedType),
                MakeDefault(kind.DerivedType),
                prefix,
                $"If {word} is {kind.TypeDiscriminator}. ");
            entries.AddRange(own.Where(e => !shared.Contains(e.Key[prefix.Length..])));
        }
    }

    /// <summary>
    /// A record with its defaults and required members unset; null if it cannot be created without values.
    /// </summary>
    private static object? MakeDefault(Type type) =>
        type.GetConstructor(Type.EmptyTypes) is null || type.IsAbstract ? null : Activator.CreateInstance(type);

    private string TypeWord(JsonPropertyInfo property, JsonTypeInfo type)
    {
        if (ConfigurationSchema.IsPath(property))
        {
            return type.Kind == JsonTypeInfoKind.Enumerable ? "list of paths" : type.Type == typeof(string) ? "path" : "path or list of paths";
        }

        if (property.CustomConverter is not null && type.Type != typeof(string))
        {
            return "value";
        }

        Type t = type.Type;
        return type.Kind switch
        {
            JsonTypeInfoKind.Object => "section",
            JsonTypeInfoKind.Dictionary => "map",
            JsonTypeInfoKind.Enumerable => "list",
            _ when t == typeof(string) => "text",
            _ when t == typeof(bool) => "true or false",
            _ when t == typeof(int) || t == typeof(long) => "whole number",
            _ when t == typeof(double) || t == typeof(float) || t == typeof(decimal) => "number",
            _ when t.IsEnum => string.Join(" | ", _schema.EnumNames(t)),
            _ => "value",
        };
    }

    private string Default(object? value, JsonPropertyInfo property)
    {
        if (value is null)
        {
            return "null";
        }

        JsonSerializerOptions options = _shown;
        if (property.CustomConverter is { } converter)
        {
            options = MakeShown(_schema.Json);
            options.Converters.Insert(0, converter);
        }

        return JsonSerializer.Serialize(value, property.PropertyType, options);
    }

    private static JsonSerializerOptions MakeShown(JsonSerializerOptions json) => new(json)
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };
}

/// <summary>The description of one option, for help and the configuration page.</summary>
/// <param name="Key">The key, such as <c>swing.topK</c>, or <c>embed.inputs[].weight</c> in a list of records.</param>
/// <param name="Type">The type, such as <c>whole number</c> or <c>text</c>.</param>
/// <param name="Default">The default as JSON, <c>null</c> for none; or <see cref="Required"/>.</param>
/// <param name="Summary">What the option means.</param>
/// <param name="Value">Its unit, range and default.</param>
/// <param name="IsSection">True for a section of options.</param>
public sealed record OptionEntry(
    string Key,
    string Type,
    string Default,
    string Summary,
    string Value,
    bool IsSection)
{
    /// <summary>The default of an option that has none and must be given.</summary>
    public const string Required = "required";

    /// <summary>The section: the first part of the key; empty for options without a section.</summary>
    public string Section => IsSection || Key.Contains('.', StringComparison.Ordinal) ? Key.Split('.')[0] : "";
}
