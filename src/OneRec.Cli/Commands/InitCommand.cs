using System.CommandLine;
using OneRec.Cli.Output;
using OneRec.Core;

namespace OneRec.Cli.Commands;

/// <summary>A first configuration from a look at the user's files.</summary>
internal sealed class InitCommand : CliCommand
{
    private readonly Argument<string[]> _paths;
    private readonly Option<string> _out;

    private InitCommand(CommandGuide guide, Argument<string[]> paths, Option<string> file)
        : base(guide, paths, file) => (_paths, _out) = (paths, file);

    /// <summary>The command.</summary>
    public static InitCommand Create() => new(
        new CommandGuide("init", "write a first configuration from a look at your files")
        {
            Usage = "PATH... [--out FILE] [options]",
            About =
            [
                "Looks at the heads of files (CSV, Parquet, Delta tables; alone or in folders) and takes each by its columns: "
                + "the log has users and items, the catalogue has items and texts, tags have an item and a tag, vectors have "
                + "item_id and tokens or embedding. Writes a JSON configuration with comments that say what was seen and what "
                + "to decide; paths in it are relative to it. It never writes over a file.",
                "Read it, then 'onerec check --conf FILE' tells what a run would find.",
            ],
            Reads = "the heads of the files",
            Writes = "the configuration",
            Examples =
            [
                ("onerec init data --out onerec.json", "From a folder."),
                ("onerec init logs/day=* items.parquet", "From a log in folders by day and a catalogue."),
            ],
        },
        new Argument<string[]>("PATH") { Arity = ArgumentArity.ZeroOrMore, Description = "Files, folders or patterns." },
        new Option<string>("--out")
        {
            HelpName = "FILE",
            Description = "Where to write (default onerec.json).",
            DefaultValueFactory = _ => "onerec.json",
        });

    /// <inheritdoc/>
    public override IEnumerable<string> Problems(ParseResult parse) =>
        parse.GetValue(_paths) switch
        {
            not { Length: > 0 } => ["name a file or folder to look at"],
            // The parser takes what it does not know for a path.
            string[] paths => paths.Where(p => p.StartsWith('-')).Select(p => $"'{p}' is no option here; a path may be written ./{p}"),
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
