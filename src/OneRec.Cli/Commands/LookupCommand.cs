using System.CommandLine;
using OneRec.Cli.Output;

namespace OneRec.Cli.Commands;

/// <summary>Items to their semantic IDs, and back.</summary>
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
        new CommandGuide("lookup", "items to semantic IDs, and semantic IDs or prefixes to items")
        {
            Usage = "ITEM... | --sid SID [options]",
            About =
            [
                "With item ids: a row an item in the order asked, nulls where it has no ID. With --sid: the items under a "
                + "whole semantic ID (12-7-99) or under a prefix of one (12-7, 12).",
                "It looks under the published codebook, else under the newest; --set codebook=newest or an id says otherwise.",
            ],
            Reads = "semantic_ids, items, published",
            Examples =
            [
                ("onerec lookup 1 32 --conf conf/movielens.json", "The IDs of two items."),
                ("onerec lookup --sid 12-7 --limit 20 --conf conf/movielens.json", "Items that share the first two codes."),
                ("onerec lookup --sid 12 --output csv --conf conf/movielens.json", "For a spreadsheet."),
            ],
        },
        new Argument<string[]>("ITEM") { Arity = ArgumentArity.ZeroOrMore, Description = "Item ids." },
        new Option<string?>("--sid") { HelpName = "SID", Description = "A semantic ID or a prefix of one, codes joined by '-'." },
        new Option<int>("--limit") { HelpName = "N", Description = "At most so many items of a prefix (default 100).", DefaultValueFactory = _ => 100 });

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
