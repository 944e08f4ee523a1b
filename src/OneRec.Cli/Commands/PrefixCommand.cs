using System.CommandLine;
using OneRec.Cli.Output;
using OneRec.Pipeline.Queries.Prefixes;

namespace OneRec.Cli.Commands;

/// <summary>Shows what lies in a prefix.</summary>
internal sealed class PrefixCommand : CliCommand
{
    private readonly Argument<string?> _prefix;
    private readonly Option<int> _limit;

    private PrefixCommand(CommandGuide guide, Argument<string?> prefix, Option<int> limit)
        : base(guide, prefix, limit) => (_prefix, _limit) = (prefix, limit);

    /// <summary>The command.</summary>
    public static PrefixCommand Create() => new(
        new CommandGuide("prefix", "show what lies in a prefix: size, telling words, children, examples")
        {
            Usage = "[PREFIX] [options]",
            About =
            [
                "Shows how many items share a prefix of their IDs, its share and siblings, the words and tags that tell it, its "
                + "children with theirs, and examples: those nearest to the centroid of its last code, and those with the most "
                + "users in common with others. Without a prefix: the first level.",
                "Telling words are those of title and caption with the largest log-odds ratio against all other items, with an "
                + "informative Dirichlet prior, as a z-score (Monroe et al. 2008); those of children are against their siblings. "
                + "An item counts once per word. Scripts without spaces between words are split into pairs of characters.",
                "IDs are those of the published codebook, or of the newest one if none is published. Use --set codebook=newest, or "
                + "--set codebook=ID, for another codebook.",
            ],
            Reads = "semantic_ids, items, item_embeddings, codebooks, item_similarity, published",
            Examples =
            [
                ("onerec prefix --conf conf/movielens.json", "The largest first codes, with their words."),
                ("onerec prefix 12-7 --conf conf/movielens.json", "What is in 12-7?"),
                ("onerec prefix 12 --limit 50 --output json --conf conf/movielens.json", "For a program: {\"prefixes\": [...]}."),
            ],
        },
        new Argument<string?>("PREFIX") { Arity = ArgumentArity.ZeroOrOne, Description = "Codes joined by '-', such as 12-7." },
        new Option<int>("--limit") { HelpName = "N", Description = "Maximum number of children, siblings, words and examples, 1 to 1000 (default 10).", DefaultValueFactory = _ => 10 });

    /// <inheritdoc/>
    public override int Execute(Invocation invocation)
    {
        Backend.Session session = invocation.Open();
        LineageWriter.WritePrefix(
            invocation.Backend.Prefix(session, invocation.Parse.GetValue(_prefix), invocation.Parse.GetValue(_limit)),
            invocation.Format,
            invocation.Terminal.Out);
        return 0;
    }

    /// <inheritdoc/>
    public override IEnumerable<string> Problems(ParseResult parse)
    {
        if (parse.GetValue(_limit) is < 1 or > PrefixQuery.MaxShown)
        {
            yield return $"--limit must be 1 to {PrefixQuery.MaxShown}";
        }
    }
}
