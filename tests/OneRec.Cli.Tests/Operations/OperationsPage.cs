using System.Text.RegularExpressions;
using OneRec.Testing;

namespace OneRec.Cli.Tests.Operations;

/// <summary>The sections of docs/operations.md that tell of a failure or a task, with what is typed and what is printed.</summary>
/// <param name="Title">The heading.</param>
/// <param name="Fails">The command that ends with an error, without <c>onerec</c>; null if there is none.</param>
/// <param name="Says">What it prints; words in capitals stand for what differs.</param>
/// <param name="Exit">The exit code that the text gives.</param>
/// <param name="Cures">The commands that help, in order.</param>
internal sealed partial record OperationsSection(string Title, string? Fails, IReadOnlyList<string> Says, int Exit, IReadOnlyList<string> Cures)
{
    /// <summary>All sections with commands.</summary>
    public static IReadOnlyList<OperationsSection> All { get; } =
    [
        .. File.ReadAllText(Path.Combine(Desk.Root, "docs", "operations.md"))
            .Split("\n### ")
            .Skip(1)
            .Select(Parse)
    ];

    /// <summary>Whether an output has the lines of the page, and what its capitals stand for.</summary>
    public bool Matches(string output, IDictionary<string, string> values)
    {
        foreach (string line in Says)
        {
            string pattern = Capitals().Replace(
                Regex.Escape(line).Replace("\\ ", " ", StringComparison.Ordinal),
                word => word.Value == "N" ? "[0-9.,]+" : $"(?<{word.Value}>.+?)");
            Match found = Regex.Match(output.ReplaceLineEndings("\n"), $"^{pattern}$", RegexOptions.Multiline, TimeSpan.FromSeconds(5));
            if (!found.Success)
            {
                return false;
            }

            foreach (Group group in found.Groups.Values.Where(g => !char.IsAsciiDigit(g.Name[0])))
            {
                values[group.Name] = group.Value;
            }
        }

        return true;
    }

    /// <summary>A command with what the capitals stand for, as arguments.</summary>
    public static string[] Arguments(string command, IReadOnlyDictionary<string, string> values) =>
        [.. Words().Matches(command).Select(m => Capitals().Replace(m.Groups["quoted"].Success ? m.Groups["quoted"].Value : m.Value, w => values.GetValueOrDefault(w.Value, w.Value)))];

    private static OperationsSection Parse(string text)
    {
        string title = text[..text.IndexOf('\n', StringComparison.Ordinal)];
        string body = text.Split("\n## ")[0];
        string[][] blocks = [.. Blocks().Matches(body).Select(b => b.Groups["lines"].Value.Split('\n', StringSplitOptions.RemoveEmptyEntries))];
        string[]? failing = blocks.FirstOrDefault(b => b[0].StartsWith("$ ", StringComparison.Ordinal));
        Match exit = ExitCode().Match(body);
        return new OperationsSection(
            title,
            failing?[0]["$ onerec ".Length..],
            failing is null ? [] : failing[1..],
            exit.Success ? int.Parse(exit.Groups["code"].ValueSpan, System.Globalization.CultureInfo.InvariantCulture) : 0,
            [.. blocks.Where(b => b != failing).SelectMany(b => b)]);
    }

    [GeneratedRegex("```\n(?<lines>.*?)```", RegexOptions.Singleline)]
    private static partial Regex Blocks();

    [GeneratedRegex("Exit code (?<code>[0-9]+)")]
    private static partial Regex ExitCode();

    [GeneratedRegex(@"\b[A-Z][A-Z]+\b(?!=)|\bN\b")]
    private static partial Regex Capitals();

    [GeneratedRegex("\"(?<quoted>[^\"]*)\"|[^ ]+")]
    private static partial Regex Words();
}
