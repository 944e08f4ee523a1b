using System.CommandLine;
using System.Globalization;
using OneRec.Cli.Output;
using OneRec.Core;
using OneRec.Sampling;

namespace OneRec.Cli.Commands;

/// <summary>Generates a catalogue and a log to try things on.</summary>
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
    private readonly Option<double> _style;
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
        Option<double> style,
        Option<int> covers,
        Option<long> seed)
        : base(guide, folder, items, users, interactions, topics, tokens, tokenType, style, covers, seed) =>
        (_out, _items, _users, _interactions, _topics, _tokens, _tokenType, _style, _covers, _seed) =
            (folder, items, users, interactions, topics, tokens, tokenType, style, covers, seed);

    /// <summary>The command.</summary>
    public static SampleCommand Create() => new(
        new CommandGuide("sample", "generate a catalogue, a log, token vectors and covers")
        {
            About =
            [
                "Items have latent topics and subtopics, which determine titles, captions, tags, token vectors, covers and the "
                + "tastes of users; popularity follows Zipf's law. So there is a known structure to recover, and nothing to "
                + "download. The same options give the same bytes. A sample that exists already is kept, so that results "
                + "computed from it stay up to date.",
                "A user prefers one to three subtopics, follows one of them for a few items, then another, and sometimes picks an "
                + "unrelated item. Users watch longer, or like, what they prefer. The log covers 90 days. A cover has the colours "
                + "of its topic and the shape of its subtopic.",
            ],
            Writes = "items.csv, interactions.csv, tokens.parquet, covers.parquet (item_id, position, image), truth.csv and, last, "
                + "sample.json, in the folder",
            Examples =
            [
                ("onerec sample --out demo/sample/data && onerec run --conf conf/sample.json", "Run the demo by hand."),
                ("onerec sample --out /tmp/big --items 100000 --users 200000 --interactions 20000000", "Generate 20 million interactions."),
                ("onerec sample --out /tmp/huge --items 1000000 --tokens 8x64 --covers 1000", "Generate a million items with 2 GB of vectors."),
                ("onerec sample --out /tmp/wide --items 3000 --tokens 1280x512 --token-type float16", "Generate vectors of the size used in the report."),
            ],
        },
        WithDefault("--out", "FOLDER", "The folder to write", "sample"),
        WithDefault("--items", "N", "Number of items", Defaults.Items),
        WithDefault("--users", "N", "Number of users", Defaults.Users),
        WithDefault("--interactions", "N", "Rows of the log", Defaults.Interactions),
        WithDefault("--topics", "N", "Latent topics, each with four subtopics", Defaults.Topics),
        WithDefault("--tokens", "NxD", "Token vectors per item x floats per vector", $"{Defaults.Tokens}x{Defaults.Dimensions}"),
        WithDefault("--token-type", "float|float16", "Type of the vectors: lists of float, or bytes of float16", "float"),
        WithDefault("--style", "S", "Strength of a style in vectors and covers that users do not care about, 1 as long as a topic", Defaults.Style),
        WithDefault("--covers", "N", "Write covers (PNG, 64 x 64) for the first N items", Defaults.Covers),
        WithDefault("--seed", "N", "Random seed", Defaults.Seed));

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

    private static Option<T> WithDefault<T>(string name, string help, string about, T fallback) => new(name)
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

    /// <summary>The options of the command line; null where <c>--tokens</c> is not two numbers.</summary>
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
                Style = parse.GetValue(_style),
                Covers = parse.GetValue(_covers),
                Seed = parse.GetValue(_seed),
            }
            : null;
    }
}
