using System.Text.Json;
using System.Text.Json.Serialization;
using OneRec.Testing;

namespace OneRec.Engines.Tests.Cases;

/// <summary>A case of <c>tests/cases</c>: a folder with <c>case.json</c> and files for it. tests/cases/README.md has the format.</summary>
/// <param name="Name">Its folder below <c>tests/cases</c>, such as <c>log/bad-id</c>.</param>
/// <param name="Folder">Full path of its folder.</param>
/// <param name="About">What is tried, in a sentence.</param>
/// <param name="Engines">The engines that it runs on.</param>
/// <param name="Steps">What happens, in order.</param>
public sealed record CaseFile(string Name, string Folder, string About, CaseEngines Engines, IReadOnlyList<CaseStep> Steps)
{
    private const string FileName = "case.json";

    /// <summary>For a developer: only cases whose names start so.</summary>
    private static readonly string Wanted = Environment.GetEnvironmentVariable("ONEREC_CASES") ?? "";

    private static readonly JsonSerializerOptions Format = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        ReadCommentHandling = JsonCommentHandling.Skip,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };

    /// <summary>The folder of all cases.</summary>
    public static string Root { get; } = Path.Combine(Desk.Root, "tests", "cases");

    /// <summary>The files that every case starts with.</summary>
    public static string Base { get; } = Path.Combine(Root, "base");

    /// <summary>Names of the cases that run on an engine, in alphabetical order.</summary>
    public static IReadOnlyList<string> Names(bool onSpark) =>
    [
        .. Directory.EnumerateFiles(Root, FileName, SearchOption.AllDirectories)
            .Select(f => Path.GetRelativePath(Root, Path.GetDirectoryName(f)!))
            .Where(n => n.Contains('/', StringComparison.Ordinal) && n.StartsWith(Wanted, StringComparison.Ordinal))
            .Where(n => !onSpark || Read(n).Engines == CaseEngines.All)
            .Order(StringComparer.Ordinal),
    ];

    /// <summary>Reads a case.</summary>
    /// <exception cref="InvalidDataException">It says nothing, or a step of it is not one of those that there are.</exception>
    public static CaseFile Read(string name)
    {
        string folder = Path.Combine(Root, name);
        CaseText text = JsonSerializer.Deserialize<CaseText>(File.ReadAllText(Path.Combine(folder, FileName)), Format)!;
        return text.Steps.All(s => s.Actions == 1) && text.Steps.Any(s => s.Run is not null || s.Sql is not null)
            ? new CaseFile(name, folder, text.About, text.Engines, text.Steps)
            : throw new InvalidDataException($"{name}: each step does one thing, and one step runs a command");
    }

    private sealed record CaseText(string About, IReadOnlyList<CaseStep> Steps, CaseEngines Engines = CaseEngines.All);
}

/// <summary>The engines that a case runs on.</summary>
public enum CaseEngines
{
    /// <summary>The local engine and both Spark releases.</summary>
    All,

    /// <summary>The local engine: what is tried does not reach an engine, or only this one.</summary>
    Local,
}
