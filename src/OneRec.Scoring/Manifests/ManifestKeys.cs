using System.Text.Json;
using System.Text.Json.Nodes;
using OneRec.Core;

namespace OneRec.Scoring.Manifests;

/// <summary>Reads one object of a manifest key by key; errors are collected in a list with the full name of the key.</summary>
internal sealed class ManifestKeys(JsonObject? map, string prefix, Problems problems)
{
    private static readonly JsonDocumentOptions Strict = new()
    {
        CommentHandling = JsonCommentHandling.Skip,
        AllowTrailingCommas = true,
        AllowDuplicateProperties = false,
    };

    /// <summary>Whether the object is present.</summary>
    public bool Present => map is not null;

    /// <summary>Parses a text as a JSON object.</summary>
    /// <exception cref="OneRecException">The text is not a JSON object.</exception>
    public static JsonObject ParseObject(string text, string source)
    {
        try
        {
            return JsonNode.Parse(text, null, Strict) as JsonObject
                ?? throw OneRecException.Configuration("model.manifest", $"{source}: must be a JSON object");
        }
        catch (JsonException e)
        {
            string reason = e.Message.Split('.')[0];
            throw OneRecException.Configuration(
                "model.manifest", $"{source}: line {(e.LineNumber ?? 0) + 1} is not valid JSON: {reason}", e);
        }
    }

    public void AllowOnly(params ReadOnlySpan<string> known)
    {
        foreach ((string key, JsonNode? _) in map ?? [])
        {
            if (!known.Contains(key))
            {
                problems.Add($"{prefix}{key} is not a key of a manifest (known here: {string.Join(", ", known!)})");
            }
        }
    }

    public ManifestKeys Section(string key)
    {
        switch (map?[key])
        {
            case JsonObject section:
                return new ManifestKeys(section, $"{prefix}{key}.", problems);
            case null:
                Missing(key);
                break;
            default:
                problems.Add($"{prefix}{key} must be an object (got {map[key]!.ToJsonString()})");
                break;
        }

        return new ManifestKeys(null, $"{prefix}{key}.", problems);
    }

    /// <summary>Adds the error that a key is missing.</summary>
    public string Missing(string key)
    {
        if (map is not null)
        {
            problems.Add($"{prefix}{key} is missing");
        }

        return "";
    }

    public string OneOf(string key, params ReadOnlySpan<string> allowed)
    {
        if (map?[key] is not { } node)
        {
            return Missing(key);
        }

        if (node is JsonValue value && value.TryGetValue(out string? text) && allowed.Contains(text))
        {
            return text;
        }

        problems.Add($"{prefix}{key} must be {string.Join(", ", allowed[..^1]!)} or {allowed[^1]} (got {node.ToJsonString()})");
        return "";
    }

    /// <summary>An optional name.</summary>
    public string? Name(string key)
    {
        if (map?[key] is not { } node)
        {
            return null;
        }

        if (node is JsonValue value && value.TryGetValue(out string? text) && !string.IsNullOrWhiteSpace(text))
        {
            return text;
        }

        problems.Add($"{prefix}{key} must be a name (got {node.ToJsonString()})");
        return "";
    }

    public string FileName(string key) => map?[key] is { } node ? FileName(node, prefix + key) : Missing(key);

    public IReadOnlyList<string> FileNames(string key)
    {
        switch (map?[key])
        {
            case null:
                return [];
            case JsonArray list:
                return [.. list.Select((node, i) => FileName(node, $"{prefix}{key}[{i}]"))];
            default:
                problems.Add($"{prefix}{key} must be a list of file names (got {map[key]!.ToJsonString()})");
                return [];
        }
    }

    /// <summary>The objects of a list that has at least one.</summary>
    public IReadOnlyList<ManifestKeys> Sections(string key)
    {
        switch (map?[key])
        {
            case JsonArray { Count: > 0 } list when list.All(node => node is JsonObject):
                return [.. list.Select((node, i) => new ManifestKeys((JsonObject)node!, $"{prefix}{key}[{i}].", problems))];
            case null:
                Missing(key);
                return [];
            default:
                problems.Add($"{prefix}{key} must be a list of objects (got {map[key]!.ToJsonString()})");
                return [];
        }
    }

    public int Whole(string key, int least, int most)
    {
        if (map?[key] is not { } node)
        {
            Missing(key);
            return 0;
        }

        if (node is JsonValue value && value.TryGetValue(out int number) && number >= least && number <= most)
        {
            return number;
        }

        problems.Add($"{prefix}{key} must be {least} to {most} (got {node.ToJsonString()})");
        return 0;
    }

    /// <summary>Whether a key is present.</summary>
    public bool Has(string key) => map?[key] is not null;

    /// <summary>A list of <paramref name="count"/> finite numbers, none below <paramref name="least"/>.</summary>
    public IReadOnlyList<double> Numbers(string key, int count, double least)
    {
        if (map?[key] is not { } node)
        {
            Missing(key);
            return [];
        }

        double[] numbers = node is JsonArray list
            ? [.. list.Select(n => n is JsonValue v && v.TryGetValue(out double d) && double.IsFinite(d) && d >= least ? d : double.NaN)]
            : [];
        if (numbers.Length == count && !numbers.Any(double.IsNaN))
        {
            return numbers;
        }

        string kind = least > 0 ? "numbers above 0" : "numbers";
        problems.Add($"{prefix}{key} must be {count} {kind} (got {node.ToJsonString()})");
        return [];
    }

    /// <summary>True or false; null if omitted.</summary>
    public bool? Flag(string key)
    {
        if (map?[key] is not { } node)
        {
            return null;
        }

        if (node is JsonValue value && value.TryGetValue(out bool flag))
        {
            return flag;
        }

        problems.Add($"{prefix}{key} must be true or false (got {node.ToJsonString()})");
        return null;
    }

    // A manifest may only name files in its own folder: a path that leads out would tie the model to one machine.
    private string FileName(JsonNode? node, string key)
    {
        if (node is JsonValue value
            && value.TryGetValue(out string? text)
            && !string.IsNullOrWhiteSpace(text)
            && !Path.IsPathRooted(text)
            && !text.Split('/', '\\').Contains(".."))
        {
            return text;
        }

        problems.Add($"{key} must be a file inside the model folder (got {node?.ToJsonString() ?? "null"})");
        return "";
    }
}
