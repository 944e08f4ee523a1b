using System.Text.Json.Serialization.Metadata;
using OneRec.Core;

namespace OneRec.Pipeline.Configuration;

/// <summary>The options of one step: a section of the configuration.</summary>
public interface IOptionSection
{
    /// <summary>Adds one line per invalid key; never throws.</summary>
    void Validate(Problems problems);
}

/// <summary>A section that a step defines: its key and its record.</summary>
public sealed class OptionSection
{
    private readonly Action<JsonTypeInfo> _add;

    private OptionSection(string key, Action<JsonTypeInfo> add) => (Key, _add) = (key, add);

    /// <summary>The section's key, such as <c>swing</c>.</summary>
    public string Key { get; }

    /// <summary>Describes a section by its key and its record.</summary>
    /// <param name="key">The section's key, such as <c>swing</c>.</param>
    public static OptionSection Of<T>(string key)
        where T : class, IOptionSection, new() => new(key, type => Add<T>(type, key));

    /// <summary>Adds the section to the JSON contract of <see cref="OneRecOptions"/>; ignores other types.</summary>
    internal void AddTo(JsonTypeInfo type)
    {
        if (type.Type == typeof(OneRecOptions))
        {
            _add(type);
        }
    }

    private static void Add<T>(JsonTypeInfo type, string key)
        where T : class, IOptionSection, new()
    {
        JsonPropertyInfo property = type.CreateJsonPropertyInfo(typeof(T), key);
        property.Get = options => ((OneRecOptions)options).Section<T>();
        property.Set = (options, section) => ((OneRecOptions)options).SetSection((T)section!);
        property.IsSetNullable = false;
        type.Properties.Add(property);
    }
}
