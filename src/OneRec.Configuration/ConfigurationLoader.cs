using System.Collections;
using System.Text.Json;
using System.Text.Json.Nodes;
using OneRec.Core;

namespace OneRec.Configuration;

/// <summary>
/// Reads the options of a run. The file, the environment and <c>--set</c> are merged, in this order, into one JSON
/// object, which is read strictly. All problems are reported at once, each with the key and its location.
/// </summary>
public static class ConfigurationLoader
{
    /// <summary>Prefix of the environment variables that are read, in any letter case.</summary>
    public const string EnvironmentPrefix = "ONEREC__";

    /// <summary>Merges the sources and reads the options.</summary>
    /// <param name="schema">The schema of all options.</param>
    /// <param name="sources">The sources of options.</param>
    /// <param name="validate">Adds one line per invalid value; called once all values have the right type.</param>
    /// <param name="problems">Receives one line per problem.</param>
    /// <returns>Valid options with absolute paths; null if there is any problem.</returns>
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
                CheckAndMerge(merged, file.Root, new ConfigurationCheck(schema, problems, Path.GetDirectoryName(path)!, file.Where), origins);
            }
        }

        foreach (ConfigurationText text in FromEnvironment(sources.Environment, problems)
            .Concat(FromCommandLine(sources.Sets, problems)))
        {
            if (text.ToTree(schema, problems) is { } tree)
            {
                CheckAndMerge(merged, tree, new ConfigurationCheck(schema, problems, sources.WorkingDirectory, _ => text.Where), origins);
            }
        }

        ConfigurationPaths.AddDefaults<T>(merged, schema, sources.WorkingDirectory);
        T? options = Read(schema, merged, origins, validate, problems, typed: problems.Lines.Count == before);
        return problems.Lines.Count == before ? options : null;
    }

    private static void CheckAndMerge(
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
            RecordOrigins(value, path, check, origins);
        }
    }

    private static void RecordOrigins(JsonNode? value, string path, ConfigurationCheck check, Dictionary<string, string> origins)
    {
        origins[path] = check.Where(path);
        foreach ((string key, JsonNode? inner) in value as JsonObject ?? [])
        {
            RecordOrigins(inner, $"{path}.{key}", check, origins);
        }
    }

    // If a value did not have its type (not typed), its default stands in for it, and only problems of given values count.
    private static T? Read<T>(
        ConfigurationSchema schema,
        JsonObject merged,
        Dictionary<string, string> origins,
        Action<T, Problems> validate,
        Problems problems,
        bool typed)
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
            if (origins.TryGetValue(key, out string? where))
            {
                problems.Add($"{line} [{where}]");
            }
            else if (typed)
            {
                problems.Add(line);
            }
        }

        return options;
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
                    problems.Add($"environment variables {seen[name].Name} and {name} have different values; unset one of them");
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
                problems.Add($"--set {SourceName.WithoutSecrets(set)}: use the form --set key=value, such as --set swing.topK=50");
                continue;
            }

            yield return new ConfigurationText(
                set[..equals].Trim().Split('.'), set[(equals + 1)..], "--set", AnyCase: false);
        }
    }
}

/// <summary>The sources of options, in ascending priority: a file, the environment, the command line.</summary>
public sealed record ConfigurationSources
{
    /// <summary>Path of a JSON file; comments and trailing commas are allowed. Null for none.</summary>
    public string? File { get; init; }

    /// <summary>Environment variables; those named <c>ONEREC__SECTION__KEY</c>, in any letter case, are used.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <summary>The values of <c>--set</c>, each <c>key=value</c>; later ones override earlier ones.</summary>
    public IReadOnlyList<string> Sets { get; init; } = [];

    /// <summary>The folder that relative paths from the environment and the command line refer to.</summary>
    public required string WorkingDirectory { get; init; }

    /// <summary>The environment variables of this process.</summary>
    public static IReadOnlyDictionary<string, string> ProcessEnvironment() => System.Environment
        .GetEnvironmentVariables()
        .Cast<DictionaryEntry>()
        .ToDictionary(e => (string)e.Key, e => (string?)e.Value ?? "", StringComparer.Ordinal);
}
