using System.CommandLine;
using System.Globalization;
using OneRec.Cli.Output;
using OneRec.Pipeline.Running;

namespace OneRec.Cli.Commands;

/// <summary>A generated catalogue and log, to try things on.</summary>
internal sealed class SampleCommand : CliCommand
{
    private readonly Option<string> _out;
    private readonly Option<int> _items;
    private readonly Option<int> _users;
    private readonly Option<long> _interactions;
    private readonly Option<string> _tokens;
    private readonly Option<long> _seed;

    private SampleCommand(
        CommandGuide guide,
        Option<string> folder,
        Option<int> items,
        Option<int> users,
        Option<long> interactions,
        Option<string> tokens,
        Option<long> seed)
        : base(guide, folder, items, users, interactions, tokens, seed)
        => (_out, _items, _users, _interactions, _tokens, _seed) = (folder, items, users, interactions, tokens, seed);

    /// <summary>The command.</summary>
    public static SampleCommand Create() => new(
        new CommandGuide("sample", "write a generated catalogue, log and token vectors")
        {
            About =
            [
                "Items have latent topics; captions, token vectors and users' tastes come from them, popularity is Zipf's. "
                + "So there is a truth to find, and nothing to download. The same seed gives the same files.",
            ],
            Writes = "catalogue, log and token vectors in the folder",
            Examples =
            [
                ("onerec sample --out demo/sample && onerec run --conf conf/sample.json", "The demo by hand."),
                ("onerec sample --out /tmp/big --items 100000 --users 200000 --interactions 20000000", "Something larger."),
            ],
        },
        new Option<string>("--out") { HelpName = "FOLDER", Description = "Where to write (default ./sample).", DefaultValueFactory = _ => "sample" },
        new Option<int>("--items") { HelpName = "N", Description = "Items (default 2000).", DefaultValueFactory = _ => 2_000 },
        new Option<int>("--users") { HelpName = "N", Description = "Users (default 1000).", DefaultValueFactory = _ => 1_000 },
        new Option<long>("--interactions") { HelpName = "N", Description = "Rows of the log (default 50000).", DefaultValueFactory = _ => 50_000 },
        new Option<string>("--tokens") { HelpName = "NxD", Description = "Token vectors an item and their dimensions (default 8x64).", DefaultValueFactory = _ => "8x64" },
        new Option<long>("--seed") { HelpName = "N", Description = "Equal seeds give equal files (default 1).", DefaultValueFactory = _ => 1 });

    /// <inheritdoc/>
    public override int Execute(Invocation invocation)
    {
        ParseResult parse = invocation.Parse;
        TryTokens(parse.GetRequiredValue(_tokens), out int count, out int dim);
        var request = new SampleRequest(
            Path.GetFullPath(parse.GetRequiredValue(_out), invocation.Terminal.WorkingDirectory),
            parse.GetValue(_items),
            parse.GetValue(_users),
            parse.GetValue(_interactions),
            count,
            dim,
            parse.GetValue(_seed));
        IReadOnlyList<Fact> facts = invocation.Progress.Watch(
            observer => invocation.Backend.Sample(request, observer, invocation.Cancellation));
        FactsWriter.Write(facts, invocation.Format, invocation.Terminal.Out);
        return 0;
    }

    private static bool TryTokens(string text, out int count, out int dim)
    {
        (count, dim) = (0, 0);
        string[] parts = text.Split('x');
        return parts.Length == 2
            && int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out count)
            && int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out dim)
            && count is >= 1 and <= 4_096 && dim is >= 1 and <= 16_384;
    }

    /// <inheritdoc/>
    public override IEnumerable<string> Problems(ParseResult parse)
    {
        (string Name, long Value)[] counts =
        [
            (_items.Name, parse.GetValue(_items)),
            (_users.Name, parse.GetValue(_users)),
            (_interactions.Name, parse.GetValue(_interactions)),
        ];
        foreach ((string name, long value) in counts.Where(c => c.Value < 1))
        {
            yield return $"{name} must be at least 1 (got {value})";
        }

        if (!TryTokens(parse.GetRequiredValue(_tokens), out _, out _))
        {
            yield return "--tokens must be NxD, such as 8x64";
        }
    }
}
