using System.Text.RegularExpressions;
using OneRec.Testing;

namespace OneRec.Cli.Tests.Job;

/// <summary>README's commands print what README shows, apart from times, sizes and the ids that depend on them.</summary>
public sealed partial class ReadmeTests : IDisposable
{
    private const string Home = "/home/me";

    private readonly ScratchFolder _folder = new();

    [Fact]
    public void Commands_print_what_is_shown()
    {
        File.CreateSymbolicLink(Directory.CreateDirectory(_folder["scripts"]).FullName + "/onerec", OneRecCommand.Path);
        (string Command, string[] Output)[] steps = [.. Steps()];
        Assert.True(steps.Length >= 8);
        foreach ((string command, string[] output) in steps)
        {
            (_, string printed, _) = Desk.Capture("sh", ["-c", $"cd '{_folder.Path}' && ({command}) 2>&1"], TimeSpan.FromMinutes(2));
            string[] lines = printed.Replace(_folder.Path, Home, StringComparison.Ordinal).TrimEnd('\n').Split('\n');
            Assert.Equal(output.Select(Masked).Prepend(command), lines.Select(Masked).Prepend(command));
        }
    }

    public void Dispose() => _folder.Dispose();

    /// <summary>The commands, each after a dollar sign, with the lines until the next one.</summary>
    private static IEnumerable<(string Command, string[] Output)> Steps()
    {
        string readme = File.ReadAllText(Path.Combine(Desk.Root, "README.md"));
        int from = readme.IndexOf("```\n", readme.IndexOf("<!-- tested: walk -->", StringComparison.Ordinal), StringComparison.Ordinal) + 4;
        string block = readme[from..readme.IndexOf("```\n", from, StringComparison.Ordinal)];
        foreach (string step in block.Split("$ ", StringSplitOptions.RemoveEmptyEntries))
        {
            string[] lines = step.TrimEnd('\n').Split('\n');
            yield return (lines[0], lines[1..]);
        }
    }

    private static string Masked(string line)
    {
        line = line.TrimEnd();
        Match row = TableRow().Match(line);
        if (row.Success)
        {
            // Of a row of the summary: the step, its status, its rows and its facts.
            string[] cells = Gaps().Split(line.Trim());
            line = $"{cells[0]} {cells[1]} {(row.Groups["rows"].Success ? cells[2] : "")} {cells[^1]}";
        }

        line = Line().Replace(line, "--");
        line = Varying().Replace(line, "#");
        return Gaps().Replace(line, "  ");
    }

    [GeneratedRegex(@"\A  \w+ +(done|left out|up to date)( +(?<rows>[0-9,]+) +[0-9.]+ )?.*(KiB|MiB|GiB) +\w", RegexOptions.CultureInvariant)]
    private static partial Regex TableRow();

    [GeneratedRegex(@" {2,}")]
    private static partial Regex Gaps();

    [GeneratedRegex(@"[─-]{3,}")]
    private static partial Regex Line();

    // Times of day, durations, sizes, ids of runs and codebooks, cores.
    [GeneratedRegex(
        @"\b\d\d:\d\d:\d\d\b|\b[0-9.]+ s\b|\bless than (1 s|a second)|[0-9,.]+ (B|KiB|MiB|GiB)\b|\b\d{8}-\d{6}-[0-9a-f]{6}\b|\b[0-9a-f]{16}\b|(?<=^seconds +)[0-9.]+|(?<=^ +threads +)\d+",
        RegexOptions.CultureInvariant)]
    private static partial Regex Varying();
}
