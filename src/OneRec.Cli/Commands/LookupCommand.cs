using System.CommandLine;
using OneRec.Cli.Backend;
using OneRec.Cli.Output;

namespace OneRec.Cli.Commands;

/// <summary>Looks up the semantic IDs of items, and the items of semantic IDs.</summary>
internal sealed class LookupCommand : CliCommand
{
    private readonly Argument<string[]> _items;
    private readonly Option<string?> _sid;
    private readonly Option<int> _limit;

    private LookupCommand(CommandGuide guide, Argument<string[]> items, Option<string?> sid, Option<int> limit)
        : base(guide, items, sid, limit)
    {
        (_items, _sid, _limit) = (items, sid, limit);
    }

    /// <summary>The command.</summary>
    public static LookupCommand Create() => new(
        new CommandGuide("lookup", "look up semantic IDs by item, and items by semantic ID or prefix")
        {
            Usage = "ITEM... | --sid SID [options]",
            About =
            [
                "With item ids: one row per item, in the order given, with nulls for an item that has no ID. With --sid: the "
                + "items with that semantic ID (12-7-99) or with that prefix (12-7, 12).",
                "IDs are those of the published codebook, or of the newest one if none is published. Use --set codebook=newest, "
                + "or --set codebook=ID, for another codebook.",
            ],
            Reads = "semantic_ids, items, published",
            Examples =
            [
                ("onerec lookup 1 32 --conf conf/movielens.json", "Show the IDs of two items."),
                ("onerec lookup --sid 12-7 --limit 20 --conf conf/movielens.json", "Show items that share the first two codes."),
                ("onerec lookup --sid 12 --output csv --conf conf/movielens.json", "Write CSV for a spreadsheet."),
            ],
        },
        new Argument<string[]>("ITEM") { Arity = ArgumentArity.ZeroOrMore, Description = "Item ids." },
        new Option<string?>("--sid") { HelpName = "SID", Description = "A semantic ID or a prefix of one: codes joined by '-'." },
        new Option<int>("--limit") { HelpName = "N", Description = "Maximum number of items for --sid (default 100).", DefaultValueFactory = _ => 100 });

    /// <inheritdoc/>
    public override int Execute(Invocation invocation)
    {
        Session session = invocation.Open();
        string? sid = invocation.Parse.GetValue(_sid);
        using RowSet rows = sid is null
            ? invocation.Backend.LookupItems(session, invocation.Parse.GetValue(_items) ?? [])
            : invocation.Backend.LookupPrefix(session, sid, invocation.Parse.GetValue(_limit));
        RowSetWriter.Write(rows, invocation.Format, invocation.Terminal.Out, "rows", invocation.Cancellation);
        return 0;
    }

    /// <inheritdoc/>
    public override IEnumerable<string> Problems(ParseResult parse)
    {
        bool items = parse.GetValue(_items) is { Length: > 0 };
        bool sid = parse.GetValue(_sid) is not null;
        if (items && sid)
        {
            yield return "give item ids or --sid, not both";
        }
        else if (!items && !sid)
        {
            yield return "give item ids, or --sid with a semantic ID or a prefix of one";
        }

        if (parse.GetValue(_limit) < 1)
        {
            yield return "--limit must be at least 1";
        }
    }
}
