using System.CommandLine;
using System.Globalization;
using OneRec.Cli.Output;
using OneRec.Core;
using OneRec.Sampling;

namespace OneRec.Cli.Commands;

/// <summary>A generated catalogue and log, to try things on.</summary>
internal sealed class SampleCommand : CliCommand
{
    private static readonly SampleOptions Defaults = new();

    private readonly Option<string> _out;
    private readonly Option<int> _items;
    private readonly Option<int> _users;
    private readonly Option<long> _interactions;
    private readonly Option<int> _topics;
    private readonly Option<string> _tokens;
    private readonly Option<string> _tokenType;
    private readonly Option<int> _covers;
    private readonly Option<long> _seed;

    private SampleCommand(
        CommandGuide guide,
        Option<string> folder,
        Option<int> items,
        Option<int> users,
        Option<long> interactions,
        Option<int> topics,
        Option<string> tokens,
        Option<string> tokenType,
        Option<int> covers,
        Option<long> seed)
        : base(guide, folder, items, users, interactions, topics, tokens, tokenType, covers, seed) =>
        (_out, _items, _users, _interactions, _topics, _tokens, _tokenType, _covers, _seed) =
            (folder, items, users, interactions, topics, tokens, tokenType, covers, seed);

    /// <summary>The command.</summary>
    public static SampleCommand Create() => new(
        new CommandGuide("sample", "write a generated catalogue, log, token vectors and covers")
        {
            About =
            [
                "Items have latent topics and subtopics; titles, captions, tags, token vectors, covers and users' tastes "
                + "come from them, popularity is Zipf's. So there is a truth to find, and nothing to download. The same "
                + "options give the same bytes, and a sample that is there already is left alone, so that what was made of "
                + "it stays up to date.",
                "Users have one to three subtopics of liking, follow one of them for a few items, then another, stray now "
                + "and then, and watch long or like what is to their liking; the log covers 90 days. A cover has its topic's "
                + "colours and its subtopic's shape.",
            ],
            Writes = "items.csv, interactions.csv, tokens.parquet, covers.parquet (item_id, position, image), truth.csv and, last, "
                + "sample.json in the folder",
            Examples =
            [
                ("onerec sample --out demo/sample/data && onerec run --conf conf/sample.json", "The demo by hand."),
                ("onerec sample --out /tmp/big --items 100000 --users 200000 --interactions 20000000", "Something larger."),
                ("onerec sample --out /tmp/huge --items 1000000 --tokens 8x64 --covers 1000", "A million items, 2 GB of vectors."),
                ("onerec sample --out /tmp/wide --items 3000 --tokens 1280x512 --token-type float16", "Vectors as large as the report's."),
            ],
        },
        Choice("--out", "FOLDER", "Where to write", "sample"),
        Choice("--items", "N", "Items", Defaults.Items),
        Choice("--users", "N", "Users", Defaults.Users),
        Choice("--interactions", "N", "Rows of the log", Defaults.Interactions),
        Choice("--topics", "N", "Latent topics, each of four subtopics", Defaults.Topics),
        Choice("--tokens", "NxD", "Token vectors an item, and floats a vector", $"{Defaults.Tokens}x{Defaults.Dimensions}"),
        Choice("--token-type", "float|float16", "How they are written: lists of float, or bytes of float16", "float"),
        Choice("--covers", "N", "Covers (PNG, 64 x 64), of the first N items", Defaults.Covers),
        Choice("--seed", "N", "Of every draw", Defaults.Seed));

    /// <inheritdoc/>
    public override IEnumerable<string> Problems(ParseResult parse)
    {
        if (TokenType(parse) is null)
        {
            return [$"--token-type must be float or float16 (got {parse.GetValue(_tokenType)})"];
        }

        if (Options(parse) is not { } options)
        {
            return ["--tokens must be vectors x floats, such as 8x64"];
        }

        var problems = new Problems();
        options.Validate(problems);
        return problems.Lines;
    }

    /// <inheritdoc/>
    public override int Execute(Invocation invocation)
    {
        string folder = Path.GetFullPath(
            invocation.Parse.GetRequiredValue(_out), invocation.Terminal.WorkingDirectory);
        IReadOnlyList<Fact> facts = invocation.Progress.Watch(observer => invocation.Backend.Sample(
            folder, Options(invocation.Parse)!, observer, invocation.Cancellation));
        FactsWriter.Write(facts, invocation.Format, invocation.Terminal.Out);
        return 0;
    }

    private static Option<T> Choice<T>(string name, string help, string about, T fallback) => new(name)
    {
        HelpName = help,
        Description = string.Create(CultureInfo.InvariantCulture, $"{about} (default {fallback})."),
        DefaultValueFactory = _ => fallback,
    };

    private SampleTokenType? TokenType(ParseResult parse) => parse.GetValue(_tokenType) switch
    {
        "float" => SampleTokenType.Float,
        "float16" => SampleTokenType.Float16,
        _ => null,
    };

    /// <summary>What is asked for; null where <c>--tokens</c> is not two numbers.</summary>
    private SampleOptions? Options(ParseResult parse)
    {
        string[] parts = parse.GetRequiredValue(_tokens).Split('x');
        return parts.Length == 2
            && int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out int tokens)
            && int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out int dimensions)
            ? new SampleOptions
            {
                Items = parse.GetValue(_items),
                Users = parse.GetValue(_users),
                Interactions = parse.GetValue(_interactions),
                Topics = parse.GetValue(_topics),
                Tokens = tokens,
                Dimensions = dimensions,
                TokenType = TokenType(parse) ?? default,
                Covers = parse.GetValue(_covers),
                Seed = parse.GetValue(_seed),
            }
            : null;
    }
}
