using System.CommandLine;
using OneRec.Cli.Output;
using OneRec.Pipeline.Queries.Explain;

namespace OneRec.Cli.Commands;

/// <summary>Shows items in full.</summary>
internal sealed class ExplainCommand : CliCommand
{
    private readonly Argument<string[]> _items;
    private readonly Option<int> _limit;

    private ExplainCommand(CommandGuide guide, Argument<string[]> items, Option<int> limit)
        : base(guide, items, limit) => (_items, _limit) = (items, limit);

    /// <summary>The command.</summary>
    public static ExplainCommand Create() => new(
        new CommandGuide("explain", "show an item in full: text, codes with the second best, neighbours, pairs")
        {
            Usage = "ITEM... [options]",
            About =
            [
                "Shows each item's text and tags, its code at each level with the distance to the best and the second-best centroid, "
                + "how far the embedding would have to move to get the second-best code and the ID it would then have, the nearest "
                + "items by Swing, by embedding (exact, by cosine) and by prefix, and its pairs.",
                "Distances are squared Euclidean distances of residuals, as step assign computes them; a move is a Euclidean "
                + "distance. 'same codes' counts the first codes that a neighbour has in common with the item.",
                "IDs are those of the published codebook, or of the newest one if none is published. Use --set codebook=newest, or "
                + "--set codebook=ID, for another codebook. An item without an ID is no error: why it has none is told.",
            ],
            Reads = "semantic_ids, items, item_embeddings, codebooks, item_similarity, item_pairs, published, runs, quarantine",
            Examples =
            [
                ("onerec explain 1 --conf conf/movielens.json", "Why does item 1 have its ID?"),
                ("onerec explain 1 318 --limit 20 --conf conf/movielens.json", "Two items, each with 20 neighbours of a kind."),
                ("onerec explain 1 --output json --conf conf/movielens.json", "For a program: {\"items\": [...]}."),
            ],
        },
        new Argument<string[]>("ITEM") { Arity = ArgumentArity.OneOrMore, Description = "Item ids." },
        new Option<int>("--limit") { HelpName = "N", Description = "Maximum number of neighbours of a kind, 1 to 1000 (default 6).", DefaultValueFactory = _ => 6 });

    /// <inheritdoc/>
    public override int Execute(Invocation invocation)
    {
        Backend.Session session = invocation.Open();
        LineageWriter.Write(
            invocation.Backend.Explain(session, invocation.Parse.GetValue(_items) ?? [], invocation.Parse.GetValue(_limit)),
            invocation.Format,
            invocation.Terminal.Out);
        return 0;
    }

    /// <inheritdoc/>
    public override IEnumerable<string> Problems(ParseResult parse)
    {
        if (parse.GetValue(_limit) is < 1 or > ExplainQuery.MaxNeighbours)
        {
            yield return $"--limit must be 1 to {ExplainQuery.MaxNeighbours}";
        }
    }
}
