using System.Collections;
using System.Text.Json;
using System.Text.Json.Nodes;
using OneRec.Core;

namespace OneRec.Configuration;

/// <summary>
/// Reads the options of a run: file, then environment, then <c>--set</c> merge into one JSON object, which is read
/// strictly. All that is wrong is told at once, each line with the user's key and where it stands.
/// </summary>
public static class ConfigurationLoader
{
    /// <summary>Environment variables of ours start so, in any case.</summary>
    public const string EnvironmentPrefix = "ONEREC__";

    /// <summary>Merges and reads.</summary>
    /// <param name="schema">What options there are.</param>
    /// <param name="sources">Where options come from.</param>
    /// <param name="validate">Adds a line per value that is wrong; called once all values have their types.</param>
    /// <param name="problems">Gets a line for each thing that is wrong.</param>
    /// <returns>Valid options with full paths; null where anything is wrong.</returns>
    public static T? Load<T>(
        ConfigurationSchema schema, ConfigurationSources sources, Action<T, Problems> validate, Problems problems)
        where T : class, new()
    {
        ArgumentNullException.ThrowIfNull(schema);
        ArgumentNullException.ThrowIfNull(sources);
        ArgumentNullException.ThrowIfNull(validate);
        ArgumentNullException.ThrowIfNull(problems);
        int before = problems.Lines.Count;
        var merged = new JsonObject();
        var origins = new Dictionary<string, string>(StringComparer.Ordinal);
        if (sources.File is not null)
        {
            string path = Path.GetFullPath(sources.File, sources.WorkingDirectory);
            if (ConfigurationFile.Read(path, sources.File, problems) is { } file)
            {
                Take(merged, file.Root, new ConfigurationCheck(schema, problems, Path.GetDirectoryName(path)!, file.Where), origins);
            }
        }

        foreach (ConfigurationText text in FromEnvironment(sources.Environment, problems)
            .Concat(FromCommandLine(sources.Sets, problems)))
        {
            if (text.ToTree(schema, problems) is { } tree)
            {
                Take(merged, tree, new ConfigurationCheck(schema, problems, sources.WorkingDirectory, _ => text.Where), origins);
            }
        }

        ConfigurationPaths.AddDefaults<T>(merged, schema, sources.WorkingDirectory);
        return problems.Lines.Count == before ? Read(schema, merged, origins, validate, problems) : null;
    }

    private static void Take(
        JsonObject merged,
        JsonObject tree,
        ConfigurationCheck check,
        Dictionary<string, string> origins)
    {
        JsonObject good = check.Check(tree);
        Merge(merged, good, "", check, origins);
    }

    private static void Merge(
        JsonObject into,
        JsonObject from,
        string prefix,
        ConfigurationCheck check,
        Dictionary<string, string> origins)
    {
        foreach ((string key, JsonNode? value) in from)
        {
            string path = prefix + key;
            if (value is JsonObject section && into[key] is JsonObject old)
            {
                Merge(old, section, path + ".", check, origins);
                continue;
            }

            into[key] = value?.DeepClone();
            Note(value, path, check, origins);
        }
    }

    private static void Note(JsonNode? value, string path, ConfigurationCheck check, Dictionary<string, string> origins)
    {
        origins[path] = check.Where(path);
        foreach ((string key, JsonNode? inner) in value as JsonObject ?? [])
        {
            Note(inner, $"{path}.{key}", check, origins);
        }
    }

    private static T? Read<T>(
        ConfigurationSchema schema,
        JsonObject merged,
        Dictionary<string, string> origins,
        Action<T, Problems> validate,
        Problems problems)
        where T : class
    {
        T options;
        try
        {
            options = merged.Deserialize<T>(schema.Json)!;
        }
        catch (JsonException e)
        {
            problems.Add($"{e.Path?.TrimStart('$', '.')}: {e.Message}");
            return null;
        }

        var invalid = new Problems();
        validate(options, invalid);
        foreach (string line in invalid.Lines)
        {
            string key = line.Split(' ', 2)[0];
            problems.Add(origins.TryGetValue(key, out string? where) ? $"{line} [{where}]" : line);
        }

        return invalid.Lines.Count == 0 ? options : null;
    }

    private static IEnumerable<ConfigurationText> FromEnvironment(
        IReadOnlyDictionary<string, string> environment,
        Problems problems)
    {
        var seen = new Dictionary<string, (string Name, string Value)>(StringComparer.OrdinalIgnoreCase);
        foreach ((string name, string value) in environment.OrderBy(e => e.Key, StringComparer.Ordinal))
        {
            if (!name.StartsWith(EnvironmentPrefix, StringComparison.OrdinalIgnoreCase))
            {
                continue;
            }

            if (!seen.TryAdd(name, (name, value)))
            {
                if (seen[name].Value != value)
                {
                    problems.Add($"environment variables {seen[name].Name} and {name} differ; unset one");
                }

                continue;
            }

            string[] segments = name[EnvironmentPrefix.Length..].Split("__");
            yield return new ConfigurationText(segments, value, $"environment {name}", AnyCase: true);
        }
    }

    private static IEnumerable<ConfigurationText> FromCommandLine(IReadOnlyList<string> sets, Problems problems)
    {
        foreach (string set in sets)
        {
            int equals = set.IndexOf('=', StringComparison.Ordinal);
            if (equals <= 0)
            {
                problems.Add($"--set {set}: write --set key=value, such as --set swing.topK=50");
                continue;
            }

            yield return new ConfigurationText(
                set[..equals].Trim().Split('.'), set[(equals + 1)..], "--set", AnyCase: false);
        }
    }
}

/// <summary>Where options come from, the weaker first: a file, the environment, the command line.</summary>
public sealed record ConfigurationSources
{
    /// <summary>A JSON file; comments and trailing commas are allowed. Null for none.</summary>
    public string? File { get; init; }

    /// <summary>Environment variables; those named <c>ONEREC__SECTION__KEY</c> count, in any case.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <summary>The values of <c>--set</c>, each <c>key=value</c>, the later stronger.</summary>
    public IReadOnlyList<string> Sets { get; init; } = [];

    /// <summary>What paths outside a file are relative to.</summary>
    public required string WorkingDirectory { get; init; }

    /// <summary>This process's environment variables.</summary>
    public static IReadOnlyDictionary<string, string> ProcessEnvironment() => System.Environment
        .GetEnvironmentVariables()
        .Cast<DictionaryEntry>()
        .ToDictionary(e => (string)e.Key, e => (string?)e.Value ?? "", StringComparer.Ordinal);
}
