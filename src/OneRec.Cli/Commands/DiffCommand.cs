using System.CommandLine;
using OneRec.Cli.Output;
using OneRec.Pipeline.Queries.Diff;

namespace OneRec.Cli.Commands;

/// <summary>Tells two versions of the IDs apart.</summary>
internal sealed class DiffCommand : CliCommand
{
    private readonly Argument<string?> _from;
    private readonly Argument<string?> _to;
    private readonly Option<string?> _prefix;
    private readonly Option<bool> _items;
    private readonly Option<int> _limit;

    private DiffCommand(CommandGuide guide, Argument<string?> from, Argument<string?> to, Option<string?> prefix, Option<bool> items, Option<int> limit)
        : base(guide, from, to, prefix, items, limit)
    {
        (_from, _to, _prefix, _items, _limit) = (from, to, prefix, items, limit);
    }

    /// <summary>The command.</summary>
    public static DiffCommand Create() => new(
        new CommandGuide("diff", "tell two versions of the IDs apart: moved, new, gone, by level and prefix")
        {
            Usage = "[A] [B] [options]",
            About =
            [
                "Shows how many items have other codes in B than in A (moved), are new in B, or are gone; the share that moved at each "
                + "level; where the items of each prefix went; and examples. Without A and B: the published codebook against the one "
                + "that was published before it. Without B: against the published one.",
                "A and B are current (the published codebook), previous (the one published before it), newest, or a codebook id. "
                + "After @, current, previous and an id can have a version of table semantic_ids or a time, in UTC if it has no offset: "
                + "current@12, ID@12, current@2026-11-30; @12 is short for current@12. At a time, current is what was current then.",
                "A code means something else in another codebook, so most items move after a new training. The columns together tell more: of "
                + "pairs of items with the same prefix in A, the share that has the same prefix in B, and the other way round.",
                "--items writes every item whose ID changed, by item id. A change is moved, slot (same codes, another slot), new or gone.",
            ],
            Reads = "semantic_ids, published, codebooks, items, item_similarity",
            Examples =
            [
                ("onerec diff --conf my.json", "What did the last publication change?"),
                ("onerec diff current newest --conf my.json", "What would publishing the newest codebook change?"),
                ("onerec diff @2026-11-30 --conf my.json", "What changed for readers since then?"),
                ("onerec diff previous current --prefix 12 --conf my.json", "Where did the items of prefix 12 go?"),
                ("onerec diff @12 @15 --items --output csv --conf my.json > changed.csv", "Every item that changed, for a program."),
            ],
        },
        new Argument<string?>("A") { Arity = ArgumentArity.ZeroOrOne, Description = "The IDs before (default: previous)." },
        new Argument<string?>("B") { Arity = ArgumentArity.ZeroOrOne, Description = "The IDs after (default: current)." },
        new Option<string?>("--prefix") { HelpName = "PREFIX", Description = "Only items with this prefix in A or in B, such as 12-7." },
        new Option<bool>("--items") { Description = "Write the changed items, all of them, instead of sums." },
        new Option<int>("--limit") { HelpName = "N", Description = "Maximum number of prefixes and examples, 1 to 1000 (default 10).", DefaultValueFactory = _ => 10 });

    /// <inheritdoc/>
    public override int Execute(Invocation invocation)
    {
        ParseResult parse = invocation.Parse;
        Backend.Session session = invocation.Open();
        var request = new DiffRequest(parse.GetValue(_from), parse.GetValue(_to), parse.GetValue(_prefix), parse.GetValue(_limit));
        if (parse.GetValue(_items))
        {
            using RowSet rows = invocation.Backend.DiffItems(session, request);
            RowSetWriter.Write(rows, invocation.Format, invocation.Terminal.Out, "items", invocation.Cancellation);
        }
        else
        {
            LineageWriter.WriteDiff(invocation.Backend.Diff(session, request), invocation.Format, invocation.Terminal.Out);
        }

        return 0;
    }

    /// <inheritdoc/>
    public override IEnumerable<string> Problems(ParseResult parse)
    {
        if (parse.GetValue(_limit) is < 1 or > DiffQuery.MaxShown)
        {
            yield return $"--limit must be 1 to {DiffQuery.MaxShown}";
        }
    }
}
