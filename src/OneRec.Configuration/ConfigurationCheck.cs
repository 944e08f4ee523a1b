using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using OneRec.Core;

namespace OneRec.Configuration;

/// <summary>
/// Checks the options of one source against the schema: adds one line per problem and makes paths absolute.
/// </summary>
/// <param name="schema">The schema of all options.</param>
/// <param name="problems">Receives the lines.</param>
/// <param name="folder">The folder that relative paths of this source refer to.</param>
/// <param name="where">Gives the location of a key, such as <c>conf/a.json line 3</c>.</param>
internal sealed class ConfigurationCheck(ConfigurationSchema schema, Problems problems, string folder, Func<string, string> where)
{
    /// <summary>The location of a key, for messages.</summary>
    public string Where(string key) => where(key);

    /// <summary>Returns the valid part of the options, with absolute paths.</summary>
    public JsonObject Check(JsonObject tree) => CheckObject(tree, schema.Root, "", whole: false);

    private JsonObject CheckObject(JsonObject tree, JsonTypeInfo type, string prefix, bool whole)
    {
        var good = new JsonObject();
        string? discriminator = Discriminator(ref type, tree, prefix);
        foreach ((string name, JsonNode? value) in tree)
        {
            string key = prefix + name;
            if (name == discriminator)
            {
                good[name] = value?.DeepClone();
            }
            else if (ConfigurationSchema.Find(type, name, anyCase: false) is { } property)
            {
                CheckProperty(good, property, value, key);
            }
            else
            {
                problems.Add(UnknownIn(type, prefix, key, whole));
            }
        }

        foreach (JsonPropertyInfo missing in type.Properties.Where(p => whole && p.IsRequired && !tree.ContainsKey(p.Name)))
        {
            problems.Add($"{prefix}{missing.Name} is missing [{where(prefix.TrimEnd('.'))}]");
        }

        return good;
    }

    /// <summary>Selects the record type by the element's kind, for lists with records of several kinds.</summary>
    private string? Discriminator(ref JsonTypeInfo type, JsonObject tree, string prefix)
    {
        if (type.PolymorphismOptions is not { DerivedTypes.Count: > 0 } kinds)
        {
            return null;
        }

        string name = kinds.TypeDiscriminatorPropertyName;
        string? given = tree[name] is JsonValue v && v.TryGetValue(out string? text) ? text : null;
        foreach (JsonDerivedType kind in kinds.DerivedTypes)
        {
            if (kind.TypeDiscriminator is string word && word == given)
            {
                type = schema.Type(kind.DerivedType);
                return name;
            }
        }

        string words = string.Join(", ", kinds.DerivedTypes.Select(k => k.TypeDiscriminator));
        problems.Add(
            $"{prefix}{name} must be one of {words} (got {Show(tree[name])}) [{where(prefix.TrimEnd('.'))}]");
        return name;
    }

    private void CheckProperty(JsonObject good, JsonPropertyInfo property, JsonNode? value, string key)
    {
        JsonTypeInfo type = schema.Type(property.PropertyType);
        bool mayBeNull = property.IsSetNullable && (!property.PropertyType.IsValueType
            || Nullable.GetUnderlyingType(property.PropertyType) is not null);
        if (value is null)
        {
            if (mayBeNull)
            {
                good[property.Name] = null;
            }
            else
            {
                Wrong(key, schema.Wanted(type), value);
            }
        }
        else if (property.CustomConverter is { } converter)
        {
            var options = new JsonSerializerOptions(schema.Json);
            options.Converters.Insert(0, converter);
            CheckLeaf(good, property, value, key, property.PropertyType, options, type);
        }
        else if (ConfigurationSchema.IsPath(property))
        {
            CheckPath(good, property, value, key, type);
        }
        else if (CheckNode(value, type, key, out JsonNode? kept))
        {
            good[property.Name] = kept;
        }
    }

    private bool CheckNode(JsonNode? value, JsonTypeInfo type, string key, out JsonNode? kept)
    {
        kept = null;
        int before = problems.Lines.Count;
        switch (type.Kind)
        {
            case JsonTypeInfoKind.Object when value is JsonObject section:
                kept = CheckObject(section, type, key + ".", whole: key.EndsWith(']'));
                return true;
            case JsonTypeInfoKind.Dictionary when value is JsonObject map:
                kept = CheckMap(map, schema.Type(type.ElementType!), key);
                break;
            case JsonTypeInfoKind.Enumerable when value is JsonArray list:
                JsonTypeInfo element = schema.Type(type.ElementType!);
                var elements = new JsonArray();
                for (int i = 0; i < list.Count; i++)
                {
                    if (CheckNode(list[i], element, $"{key}[{i}]", out JsonNode? good))
                    {
                        elements.Add(good);
                    }
                }

                kept = elements;
                break;
            case JsonTypeInfoKind.None when value is not null && Fits(value, type.Type, schema.Json, out _):
                kept = value.DeepClone();
                break;
            default:
                Wrong(key, schema.Wanted(type), value);
                break;
        }

        return problems.Lines.Count == before;
    }

    /// <summary>
    /// Checks a map with free keys. If its values are text, nested objects become dotted keys, as in Spark settings.
    /// </summary>
    private JsonObject CheckMap(JsonObject map, JsonTypeInfo element, string key)
    {
        var good = new JsonObject();
        foreach ((string name, JsonNode? value) in map)
        {
            string inner = $"{key}.{name}";
            if (element.Type == typeof(string) && value is JsonObject nested)
            {
                foreach ((string rest, JsonNode? text) in CheckMap(nested, element, inner))
                {
                    good[$"{name}.{rest}"] = text?.DeepClone();
                }
            }
            else if (element.Type == typeof(string) && value?.GetValueKind() is
                JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False)
            {
                good[name] = value.ToJsonString();
            }
            else if (CheckNode(value, element, inner, out JsonNode? kept))
            {
                good[name] = kept;
            }
        }

        return good;
    }

    private void CheckPath(JsonObject good, JsonPropertyInfo property, JsonNode value, string key, JsonTypeInfo type)
    {
        if (!CheckNode(value, type, key, out JsonNode? kept))
        {
            return;
        }

        IEnumerable<JsonNode?> texts = kept is JsonArray list ? list : [kept];
        if (texts.Any(t => t is JsonValue v && v.TryGetValue(out string? text) && string.IsNullOrWhiteSpace(text)))
        {
            problems.Add($"{key} must not be empty; use null for none [{where(key)}]");
            return;
        }

        good[property.Name] = ConfigurationPaths.Full(kept, folder, ConfigurationSchema.MayBeTable(property));
    }

    private void CheckLeaf(
        JsonObject good,
        JsonPropertyInfo property,
        JsonNode value,
        string key,
        Type type,
        JsonSerializerOptions options,
        JsonTypeInfo info)
    {
        if (Fits(value, type, options, out string? why))
        {
            good[property.Name] = ConfigurationSchema.IsPath(property)
                ? ConfigurationPaths.Full(value, folder, ConfigurationSchema.MayBeTable(property))
                : value.DeepClone();
        }
        else if (why is not null)
        {
            problems.Add($"{key} {why} (got {Show(value)}) [{where(key)}]");
        }
        else
        {
            Wrong(key, schema.Wanted(info), value);
        }
    }

    /// <summary>
    /// Tries to read a value. If a converter's message starts with "must", it is kept for the problem line.
    /// </summary>
    private static bool Fits(JsonNode value, Type type, JsonSerializerOptions options, out string? why)
    {
        why = null;
        try
        {
            value.Deserialize(type, options);
            return true;
        }
        catch (JsonException e)
        {
            why = e.Message.StartsWith("must ", StringComparison.Ordinal) ? e.Message : null;
            return false;
        }
        catch (InvalidOperationException)
        {
            return false; // A converter got a token of the wrong kind.
        }
    }

    private string UnknownIn(JsonTypeInfo type, string prefix, string key, bool element)
    {
        if (!element)
        {
            return schema.Unknown(key, where(key), environment: false);
        }

        string? nearest = NearestKey.Of(
            key[prefix.Length..], ConfigurationSchema.Properties(type).Select(p => p.Name));
        string hint = nearest is not null
            ? $"did you mean {prefix}{nearest}?"
            : "the keys are " + string.Join(", ", ConfigurationSchema.Properties(type).Select(p => p.Name));
        return $"{key} is not an option; {hint} [{where(key)}]";
    }

    private void Wrong(string key, string wanted, JsonNode? value) =>
        problems.Add($"{key} must be {wanted} (got {Show(value)}) [{where(key)}]");

    private static string Show(JsonNode? value)
    {
        string text = SourceName.WithoutSecrets(value?.ToJsonString(Plain) ?? "null");
        return text.Length <= 60 ? text : text[..57] + "...";
    }

    private static readonly JsonSerializerOptions Plain = new()
    {
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };
}
