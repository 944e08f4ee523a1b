using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Text.RegularExpressions;
using OneRec.Testing;

namespace OneRec.Cli.Tests;

/// <summary>What the pages say is there.</summary>
public sealed partial class DocumentationTests
{
    /// <summary>Members of each type of src, by the type's name, as the assemblies beside the tests have them.</summary>
    private static readonly ILookup<string, string> Members = Directory
        .EnumerateDirectories(Path.Combine(Desk.Root, "src"))
        .Select(project => Path.GetFileName(project) switch
        {
            "OneRec.Cli" => "onerec.dll",
            "OneRec.Worker" => "onerec-worker.dll",
            string other => other + ".dll",
        })
        .SelectMany(file => Declared(Path.Combine(AppContext.BaseDirectory, file)))
        .ToLookup(d => d.Type, d => d.Member);

    private static readonly HashSet<string> AllMembers = [.. Members.SelectMany(m => m)];

    /// <summary>Types of the tests, whose assemblies need not be built: a class is declared at the start of a line.</summary>
    private static readonly HashSet<string> TestTypes =
    [
        .. Directory.EnumerateFiles(Path.Combine(Desk.Root, "tests"), "*.cs", SearchOption.AllDirectories)
            .SelectMany(f => TestType().Matches(File.ReadAllText(f)))
            .Select(m => m.Groups["name"].Value),
    ];

    public static TheoryData<string> Pages =>
    [
        "README.md",
        "jobs/README.md",
        "src/OneRec.Delta/README.md",
        .. Directory.EnumerateFiles(Path.Combine(Desk.Root, "docs"), "*.md", SearchOption.AllDirectories)
            .Select(p => Path.GetRelativePath(Desk.Root, p)),
    ];

    [Theory]
    [InlineData("docs/architecture.md")]
    public void Types_and_methods_that_a_page_names_are_in_the_code(string page)
    {
        string[] named = [.. Quoted().Matches(Text(page)).Select(m => m.Groups["name"].Value).Distinct()];

        Assert.NotEmpty(named);
        Assert.Empty(named.Where(n => !IsThere(n)));
    }

    [Theory]
    [InlineData("SwingKernel", true)]
    [InlineData("DocumentationTests", true)]
    [InlineData("MapParts", true)]
    [InlineData("DuckDbSession.Stream", true)]
    [InlineData("DuckDbSession.MapParts", false)]
    [InlineData("Assert", false)]
    [InlineData("NotEmpty", false)]
    [InlineData("Types_and_methods_that_a_page_names_are_in_the_code", false)]
    [InlineData("ToDictionary", false)]
    public void A_name_is_there_where_it_is_declared_and_not_where_it_is_called(string name, bool there) =>
        Assert.Equal(there, IsThere(name));

    [Theory]
    [MemberData(nameof(Pages))]
    public void Links_between_pages_lead_somewhere(string page)
    {
        string folder = Path.GetDirectoryName(Path.Combine(Desk.Root, page))!;
        Assert.Empty(Link().Matches(Text(page))
            .Select(m => m.Groups["target"].Value.Split('#')[0])
            .Where(t => t.Length > 0 && !t.Contains("://", StringComparison.Ordinal))
            .Where(t => !Path.Exists(Path.Combine(folder, t))));
    }

    private static string Text(string page) => File.ReadAllText(Path.Combine(Desk.Root, page));

    private static bool IsThere(string name) => name.Split('.') is [string type, string member]
        ? Members[type].Contains(member)
        : Members.Contains(name) || AllMembers.Contains(name) || TestTypes.Contains(name);

    /// <summary>The types of an assembly with their members; each type once with no member.</summary>
    private static IEnumerable<(string Type, string Member)> Declared(string assembly)
    {
        using var file = new PEReader(File.OpenRead(assembly));
        MetadataReader metadata = file.GetMetadataReader();
        var declared = new List<(string, string)>();
        foreach (TypeDefinition type in metadata.TypeDefinitions.Select(metadata.GetTypeDefinition))
        {
            // A generic type is Name`1.
            string name = metadata.GetString(type.Name).Split('`')[0];
            declared.Add((name, ""));
            declared.AddRange(
            [
                .. type.GetMethods().Select(m => (name, metadata.GetString(metadata.GetMethodDefinition(m).Name))),
                .. type.GetProperties().Select(p => (name, metadata.GetString(metadata.GetPropertyDefinition(p).Name))),
                .. type.GetFields().Select(f => (name, metadata.GetString(metadata.GetFieldDefinition(f).Name))),
            ]);
        }

        return declared;
    }

    [GeneratedRegex(@"^\s*((public|internal|private|protected|file|sealed|static|abstract|partial|readonly) )+(class|interface|struct|record|enum) (?<name>\w+)", RegexOptions.Multiline)]
    private static partial Regex TestType();

    // A word in back quotes that is spelled as a type or Type.Member: OneRec.X is a project, and no case of its own.
    [GeneratedRegex(@"`(?!OneRec\.)(?<name>([A-Z][a-z]\w*|I[A-Z]\w+)(\.[A-Z]\w*)?)[^`]*`")]
    private static partial Regex Quoted();

    [GeneratedRegex(@"\]\((?<target>[^)\s]+)\)")]
    private static partial Regex Link();
}
