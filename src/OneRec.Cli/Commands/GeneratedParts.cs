using OneRec.Core;
using OneRec.Pipeline.Running;

namespace OneRec.Cli.Commands;

/// <summary>
/// The parts of documentation and jobs that are generated from the descriptions of steps and commands. A part stands between
/// two comment lines: <c>generated: NAME</c> and <c>end</c>.
/// </summary>
internal static class GeneratedParts
{
    private const string Readme = "README.md";
    private const string Jobs = "jobs/README.md";
    private const string Airflow = "jobs/airflow_dag.py";
    private const string Register = "jobs/register.sql";

    /// <summary>The files with a generated part, relative to the root of the checkout.</summary>
    public static IReadOnlyList<string> Files { get; } = [Readme, Jobs, Airflow, Register];

    /// <summary>A file's text with its generated part rewritten; the rest is unchanged.</summary>
    /// <param name="file">One of <see cref="Files"/>.</param>
    /// <param name="text">The text of the file.</param>
    /// <param name="steps">The steps of the program.</param>
    /// <param name="guides">The help of the commands to list.</param>
    /// <exception cref="OneRecException">Configuration error <c>docs.marker</c>: a marker is missing from the file.</exception>
    public static string Update(string file, string text, StepCatalogue steps, IReadOnlyList<CommandGuide> guides) => file switch
    {
        Readme => Replace(file, text, "<!-- generated: commands -->", "<!-- end -->", ["", .. CommandTable(guides), ""]),
        Jobs => Replace(file, text, "<!-- generated: steps -->", "<!-- end -->", ["", "```", .. SparkSteps(steps), "```", ""]),
        Airflow => Replace(file, text, "# generated: steps", "# end", [$"STEPS = [{string.Join(", ", steps.RunOrder.Select(s => $"\"{s}\""))}]"]),
        Register => Replace(
            file,
            text,
            "-- generated: tables",
            "-- end",
            steps.Tables.Select(t => $"CREATE TABLE IF NOT EXISTS {t} USING delta LOCATION '${{tables}}/{t}';")),
        _ => throw new ArgumentException($"{file} has no generated part", nameof(file)),
    };

    private static IEnumerable<string> CommandTable(IReadOnlyList<CommandGuide> guides) =>
    [
        "| command | what it does | reads | writes |",
        "|---|---|---|---|",
        .. guides.Select(g => $"| `{g.Name}` | {Cell(g.Summary)} | {Cell(g.Reads)} | {Cell(g.Writes)} |"),
    ];

    private static string Cell(string text) => text.Length == 0 ? "–" : text.Replace("|", "\\|", StringComparison.Ordinal);

    private static IEnumerable<string> SparkSteps(StepCatalogue steps)
    {
        int width = steps.RunOrder.Max(s => s.Length);
        return steps.RunOrder.Select(s => $"jobs/spark-step {s.PadRight(width)} my.json night-17");
    }

    private static string Replace(string file, string text, string begin, string end, IEnumerable<string> lines)
    {
        string open = begin + "\n";
        int from = text.IndexOf(open, StringComparison.Ordinal);
        int to = from < 0 ? -1 : text.IndexOf(end + "\n", from + open.Length, StringComparison.Ordinal);
        if (to < 0)
        {
            throw OneRecException.Configuration(
                "docs.marker", $"{file} has no line '{begin}' followed by a line '{end}'; add both where the generated part goes");
        }

        return text[..(from + open.Length)] + string.Concat(lines.Select(l => l + "\n")) + text[to..];
    }
}
