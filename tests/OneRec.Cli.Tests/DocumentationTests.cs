using System.Text.RegularExpressions;
using OneRec.Testing;

namespace OneRec.Cli.Tests;

/// <summary>What the pages say is there.</summary>
public sealed partial class DocumentationTests
{
    private static readonly HashSet<string> Names =
    [
        .. new[] { "src", "tests" }
            .SelectMany(f => Directory.EnumerateFiles(Path.Combine(Desk.Root, f), "*.cs", SearchOption.AllDirectories))
            .SelectMany(f => Declared().Matches(File.ReadAllText(f)))
            .Select(m => m.Groups["name"].Value),
    ];

    public static TheoryData<string> Pages =>
    [
        "README.md",
        "jobs/README.md",
        .. Directory.EnumerateFiles(Path.Combine(Desk.Root, "docs"), "*.md", SearchOption.AllDirectories)
            .Select(p => Path.GetRelativePath(Desk.Root, p)),
    ];

    [Theory]
    [InlineData("docs/architecture.md")]
    public void Types_and_methods_that_a_page_names_are_in_the_code(string page)
    {
        string[] named = [.. Quoted().Matches(Text(page)).Select(m => m.Groups["name"].Value).Distinct()];

        Assert.NotEmpty(named);
        Assert.Empty(named.Except(Names));
    }

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

    [GeneratedRegex(@"\b(class|interface|struct|record|enum|[\w<>\[\]?,]+) (?<name>[A-Z]\w+)( *[(<{:;=]|\r?\n)")]
    private static partial Regex Declared();

    // A word in back quotes that is spelled as a type or Type.Member: OneRec.X is a project, and no case of its own.
    [GeneratedRegex(@"`(?!OneRec\.)(?<name>[A-Z][a-z]\w*|I[A-Z]\w+)[^`]*`")]
    private static partial Regex Quoted();

    [GeneratedRegex(@"\]\((?<target>[^)\s]+)\)")]
    private static partial Regex Link();
}
