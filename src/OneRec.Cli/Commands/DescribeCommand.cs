using System.CommandLine;
using OneRec.Cli.Output;

namespace OneRec.Cli.Commands;

/// <summary>Tells where the IDs of items come from.</summary>
internal sealed class DescribeCommand : CliCommand
{
    private readonly Argument<string[]> _items;

    private DescribeCommand(CommandGuide guide, Argument<string[]> items)
        : base(guide, items) => _items = items;

    /// <summary>The command.</summary>
    public static DescribeCommand Create() => new(
        new CommandGuide("describe", "tell where an ID comes from: run, embedding, model, codebook, catalogue, log")
        {
            Usage = "ITEM... [options]",
            About =
            [
                "Tells the lineage of each item's ID: when and by which run it was assigned, the embedding that it was computed from "
                + "and whether that is still the item's content, the model, the codebook with its training and generations, the "
                + "catalogue's row, and what was read of the log. Runs are told with versions, seed and fingerprint, as table runs "
                + "has them. What the tables do not hold is told as not known.",
                "An item without an ID is no error: why it has none is told, and what to do. A run may go on meanwhile.",
                "IDs are those of the published codebook, or of the newest one if none is published. Use --set codebook=newest, or "
                + "--set codebook=ID, for another codebook.",
            ],
            Reads = "all tables, and the record of the aligned model in models",
            Examples =
            [
                ("onerec describe 318 --conf conf/movielens.json", "Where does the ID of item 318 come from?"),
                ("onerec describe 318 --set codebook=newest --conf conf/movielens.json", "Its ID under the codebook that was trained last."),
                ("onerec describe 1 318 --output json --conf conf/movielens.json", "For a program: {\"items\": [...]}."),
            ],
        },
        new Argument<string[]>("ITEM") { Arity = ArgumentArity.OneOrMore, Description = "Item ids." });

    /// <inheritdoc/>
    public override int Execute(Invocation invocation)
    {
        Backend.Session session = invocation.Open();
        LineageWriter.Write(
            invocation.Backend.Describe(session, invocation.Parse.GetValue(_items) ?? []), invocation.Format, invocation.Terminal.Out);
        return 0;
    }
}
