using System.CommandLine;
using OneRec.Configuration;

namespace OneRec.Cli.Commands;

/// <summary>Writes the help of the program and of each command.</summary>
internal static class HelpPage
{
    private const int Width = 100;

    private static readonly (string Code, string Meaning)[] ExitCodes =
    [
        ("0", "done"),
        ("1", "a bug in OneRec.Spark"),
        ("2", "bad command line or configuration"),
        ("3", "bad input data"),
        ("4", "a table conflict, a table with an incompatible schema, or a folder in use by another run"),
        ("5", "an engine or a model failed"),
        ("130", "interrupted; run the same command again to continue"),
    ];

    /// <summary>The page of the program.</summary>
    public static void Write(TextWriter writer, IReadOnlyList<CliCommand> commands, GlobalOptions globals)
    {
        writer.WriteLine("onerec - semantic IDs for recommender systems, from an interaction log and a catalogue");
        Title(writer, "Usage");
        writer.WriteLine("  onerec COMMAND [options]          onerec COMMAND --help shows full help");
        Title(writer, "What it does");
        Paragraph(
            writer,
            "Embeds each item as a vector (texts and images through ONNX encoders, or your own token vectors) and turns vectors into "
            + "codes by residual k-means (RQ-KMeans, as in the OneRec Technical Report, arXiv 2506.13695). Three codes, coarse to "
            + "fine, form the item's semantic ID. Similar items share a prefix, so a generative recommender can learn over "
            + "codes instead of item ids. Swing also finds similar items in the log; they are used for item pairs and to "
            + "evaluate the IDs.",
            "  ");
        Paragraph(writer, "Every step reads and writes Delta tables, is deterministic, and is skipped when it is up to date.", "  ");
        Title(writer, "Commands");
        Columns(writer, commands.Select(c => (c.Guide.Name, c.Guide.Summary)));
        Title(writer, "Examples");
        Example(writer, "onerec sample --out demo/sample/data", "Generate a catalogue and a log to try things on.");
        Example(writer, "onerec run --conf conf/sample.json", "Run the whole job on them.");
        Example(writer, "onerec lookup 1 2 3 --conf conf/sample.json", "Show the semantic IDs of three items.");
        Title(writer, "Options of every command");
        Columns(writer, globals.All.Select(Line).Append(("--version", "Show the version of this program.")));
        Title(writer, "Configuration");
        Paragraph(
            writer,
            "Options are read from the file of --conf, then from the environment (ONEREC__SWING__TOPK=50, any case), then from "
            + "--set swing.topK=50; later sources override earlier ones. 'onerec options' lists all options, as does "
            + "docs/configuration.md.",
            "  ");
        Exits(writer);
    }

    /// <summary>The page of one command.</summary>
    public static void Write(TextWriter writer, CliCommand command, GlobalOptions globals, IReadOnlyList<OptionEntry> options)
    {
        CommandGuide guide = command.Guide;
        writer.WriteLine($"onerec {guide.Name} - {guide.Summary}");
        Title(writer, "Usage");
        writer.WriteLine($"  onerec {guide.Name} {guide.Usage}");
        Title(writer, "What it does");
        foreach (string paragraph in guide.About)
        {
            Paragraph(writer, paragraph, "  ");
        }

        if (guide.Reads.Length > 0)
        {
            Labelled(writer, "  Reads   ", guide.Reads);
        }

        if (guide.Writes.Length > 0)
        {
            Labelled(writer, "  Writes  ", guide.Writes);
        }

        foreach ((string title, IReadOnlyList<(string, string)> words) in guide.Words)
        {
            Title(writer, title);
            Columns(writer, words);
        }

        Title(writer, "Examples");
        foreach ((string line, string why) in guide.Examples)
        {
            Example(writer, line, why);
        }

        Title(writer, "Options");
        Columns(writer, command.Syntax.Arguments.Select(a => (a.Name, a.Description ?? ""))
            .Concat(command.Syntax.Options.Where(o => !o.Hidden).Select(Line))
            .Concat(globals.All.Select(Line)));
        foreach (string section in guide.Sections)
        {
            Section(writer, section, options);
        }

        Exits(writer);
    }

    private static void Section(TextWriter writer, string section, IReadOnlyList<OptionEntry> options)
    {
        OptionEntry[] own = [.. options.Where(o => o.Section == section && !o.IsSection)];
        if (own.Length == 0)
        {
            return;
        }

        Title(writer, section.Length == 0
            ? "Configuration, general (in a file, ONEREC__KEY, or --set key=value)"
            : $"Configuration, section {section} (in a file, ONEREC__{section.ToUpperInvariant()}__KEY, or --set {section}.key=value)");
        foreach (OptionEntry option in own)
        {
            writer.WriteLine($"  {option.Key} = {option.Default}");
            Paragraph(writer, $"{option.Summary} {option.Value}".Replace("`", "", StringComparison.Ordinal).Trim(), "      ");
        }
    }

    private static void Exits(TextWriter writer)
    {
        Title(writer, "Exit codes");
        Columns(writer, ExitCodes);
    }

    private static (string, string) Line(Option option)
    {
        string names = string.Join(", ", option.Aliases.Append(option.Name).OrderBy(n => n.Length));
        return (option.HelpName is null ? names : $"{names} {option.HelpName}", option.Description ?? "");
    }

    private static void Title(TextWriter writer, string text)
    {
        writer.WriteLine();
        writer.WriteLine(text);
    }

    private static void Example(TextWriter writer, string line, string why)
    {
        writer.WriteLine($"  {line}");
        writer.WriteLine($"      {why}");
    }

    private static void Columns(TextWriter writer, IEnumerable<(string Left, string Right)> rows)
    {
        (string Left, string Right)[] all = [.. rows];
        int width = Math.Min(26, all.Max(r => r.Left.Length));
        foreach ((string left, string right) in all)
        {
            if (left.Length > width)
            {
                writer.WriteLine($"  {left}");
                Labelled(writer, new string(' ', width + 4), right);
            }
            else
            {
                Labelled(writer, $"  {left.PadRight(width)}  ", right);
            }
        }
    }

    private static void Labelled(TextWriter writer, string label, string text)
    {
        string indent = new(' ', label.Length);
        bool first = true;
        foreach (string line in Lines(text, Width - label.Length))
        {
            writer.WriteLine((first ? label : indent) + line);
            first = false;
        }
    }

    private static void Paragraph(TextWriter writer, string text, string indent)
    {
        foreach (string line in Lines(text, Width - indent.Length))
        {
            writer.WriteLine(indent + line);
        }
    }

    private static IEnumerable<string> Lines(string text, int width)
    {
        string line = "";
        foreach (string word in text.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            if (line.Length > 0 && line.Length + 1 + word.Length > width)
            {
                yield return line;
                line = word;
            }
            else
            {
                line = line.Length == 0 ? word : $"{line} {word}";
            }
        }

        yield return line;
    }
}
