using System.Collections;

namespace OneRec.Pipeline.Configuration;

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
