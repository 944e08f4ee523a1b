using System.CommandLine;
using OneRec.Cli.Backend;
using OneRec.Cli.Output;
using OneRec.Core;
using OneRec.Export;
using OneRec.Export.Formats;
using OneRec.Export.Ids;

namespace OneRec.Cli.Commands;

/// <summary>Writes the IDs of a codebook as files that other programs read.</summary>
internal sealed class ExportCommand : CliCommand
{
    private readonly Option<string?> _format;
    private readonly Option<string?> _out;
    private readonly Option<string?> _twins;
    private readonly Option<bool> _deleted;
    private readonly Option<bool> _overwrite;

    private ExportCommand(
        CommandGuide guide, Option<string?> format, Option<string?> folder, Option<string?> twins, Option<bool> deleted, Option<bool> overwrite)
        : base(guide, format, folder, twins, deleted, overwrite)
    {
        (_format, _out, _twins, _deleted, _overwrite) = (format, folder, twins, deleted, overwrite);
    }

    /// <summary>The command.</summary>
    public static ExportCommand Create() => new(
        new CommandGuide("export", "write the IDs as files that training and serving code reads")
        {
            Usage = "--format FORMAT --out FOLDER [options]",
            About =
            [
                "Writes the IDs of the published codebook, or of the newest one if none is published. Use --set codebook=newest, or "
                + "--set codebook=ID, for another codebook. Deleted items are left out.",
                "The file export.json, written last, tells of which codebook, generation and table versions the IDs are, with counts "
                + "and the hash of each file. The folder appears when it is complete, or not at all. The same IDs give the same bytes, "
                + "on either engine. docs/export.md shows the files of each format and names the code that reads them.",
            ],
            Words =
            [
                (
                    "Formats, their files (X is the folder's name) and what they do with twins by themselves",
                    [.. ExportFormats.All.Select(f => (f.Name, $"{f.Summary}. Files: {f.Files}. Twins: {Word(f.Twins)}."))]),
                (
                    "Twins: items with the same codes",
                    [
                        ("share", "They keep the same ID."),
                        ("slot", "Every ID gets one more code, the slot: 0 for an item without twins. An item's slot never changes."),
                        ("first", "Only the twin with the lowest slot is exported, the one that got the ID first."),
                        ("fail", "The export is refused if there are any."),
                    ]),
            ],
            Reads = "semantic_ids, codebooks, items, published",
            Writes = "the folder, with export.json",
            Examples =
            [
                ("onerec export --format minionerec --out data/films --conf my.json", "Write data/films/films.index.json and its companions."),
                ("onerec export --format lcrec --twins first --out films --conf my.json", "Write IDs of three tokens, one item an ID."),
                ("onerec export --format trie --twins slot --out trie --overwrite --conf my.json", "Replace the trie of an earlier night."),
            ],
        },
        OneOf("--format", "FORMAT", "What to write: one of the formats above.", [.. ExportFormats.All.Select(f => f.Name)]),
        new Option<string?>("--out") { HelpName = "FOLDER", Description = "The folder to write. It must not exist, unless --overwrite is given." },
        OneOf("--twins", string.Join('|', TwinWords), "What is done with items that have the same codes (default: as the format does).", TwinWords),
        new Option<bool>("--deleted") { Description = "Export deleted items too; they keep their IDs." },
        new Option<bool>("--overwrite") { Description = "Replace an earlier export in the folder. A folder with any other file is refused." });

    private static string[] TwinWords => [.. Enum.GetValues<TwinPolicy>().Select(Word)];

    /// <inheritdoc/>
    public override IEnumerable<string> Problems(ParseResult parse)
    {
        if (parse.GetValue(_format) is null)
        {
            yield return $"--format is missing; name one of {string.Join(", ", ExportFormats.All.Select(f => f.Name))}";
        }

        if (string.IsNullOrWhiteSpace(parse.GetValue(_out)))
        {
            yield return "--out is missing; name the folder to write";
        }
    }

    /// <inheritdoc/>
    public override int Execute(Invocation invocation)
    {
        Session session = invocation.Open();
        string given = invocation.Parse.GetValue(_out)!;
        var request = new ExportRequest(
            invocation.Parse.GetValue(_format)!, Path.GetFullPath(given, invocation.Terminal.WorkingDirectory), given)
        {
            Twins = invocation.Parse.GetValue(_twins) is { } word ? Enum.Parse<TwinPolicy>(word, ignoreCase: true) : null,
            WithDeleted = invocation.Parse.GetValue(_deleted),
            Overwrite = invocation.Parse.GetValue(_overwrite),
        };
        IReadOnlyList<Fact> facts = invocation.Progress.Watch(observer => invocation.Backend.Export(session, request, observer));
        FactsWriter.Write(facts, invocation.Format, invocation.Terminal.Out);
        return 0;
    }

    private static string Word(TwinPolicy twins) => twins.ToString().ToLowerInvariant();

    private static Option<string?> OneOf(string name, string help, string about, IReadOnlyList<string> words)
    {
        var option = new Option<string?>(name) { HelpName = help, Description = about };
        option.Validators.Add(result =>
        {
            if (result.Tokens is [{ Value: var given }] && !words.Contains(given))
            {
                result.AddError($"{name} must be one of {string.Join(", ", words)} (got '{given}')");
            }
        });
        return option;
    }
}
