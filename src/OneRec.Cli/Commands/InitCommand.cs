using System.CommandLine;
using OneRec.Cli.Output;
using OneRec.Core;

namespace OneRec.Cli.Commands;

/// <summary>Writes a first configuration for the user's files.</summary>
internal sealed class InitCommand : CliCommand
{
    private readonly Argument<string[]> _paths;
    private readonly Option<string> _out;

    private InitCommand(CommandGuide guide, Argument<string[]> paths, Option<string> file)
        : base(guide, paths, file) => (_paths, _out) = (paths, file);

    /// <summary>The command.</summary>
    public static InitCommand Create() => new(
        new CommandGuide("init", "write a first configuration for your files")
        {
            Usage = "PATH... [--out FILE] [options]",
            About =
            [
                "Reads the headers and first rows of files (CSV, Parquet, Delta tables; single files or folders) and detects "
                + "each file's role from its columns: a log has users and items, a catalogue has items and texts, tags have an "
                + "item and a tag, vectors have item_id and tokens or embedding. Writes a JSON configuration with comments that "
                + "explain what was found and what is left to decide; paths in it are relative to it. An existing file is never "
                + "overwritten.",
                "Review it, then run 'onerec check --conf FILE' to see what a run would find.",
            ],
            Reads = "headers and first rows of the files",
            Writes = "the configuration file",
            Examples =
            [
                ("onerec init data --out onerec.json", "For all files in a folder."),
                ("onerec init logs/day=* items.parquet", "For a log with one folder per day, and a catalogue."),
            ],
        },
        new Argument<string[]>("PATH") { Arity = ArgumentArity.ZeroOrMore, Description = "Files, folders or patterns." },
        new Option<string>("--out")
        {
            HelpName = "FILE",
            Description = "The file to write (default onerec.json).",
            DefaultValueFactory = _ => "onerec.json",
        });

    /// <inheritdoc/>
    public override IEnumerable<string> Problems(ParseResult parse) =>
        parse.GetValue(_paths) switch
        {
            not { Length: > 0 } => ["no files given; name at least one file or folder"],
            // The parser treats an unknown option as a path.
            string[] paths => paths.Where(p => p.StartsWith('-')).Select(p => $"unknown option '{p}'; if it is a path, write ./{p}"),
        };

    /// <inheritdoc/>
    public override int Execute(Invocation invocation)
    {
        string folder = invocation.Terminal.WorkingDirectory;
        IReadOnlyList<Fact> facts = invocation.Backend.Init(
            [.. invocation.Parse.GetValue(_paths)!.Select(p => Path.GetFullPath(p, folder))],
            Path.GetFullPath(invocation.Parse.GetRequiredValue(_out), folder));
        FactsWriter.Write(facts, invocation.Format, invocation.Terminal.Out);
        return 0;
    }
}
