using OneRec.Cli.Output;
using OneRec.Pipeline.Queries;

namespace OneRec.Cli.Commands;

/// <summary>A look at configuration and inputs without a run.</summary>
internal sealed class CheckCommand : CliCommand
{
    private CheckCommand(CommandGuide guide)
        : base(guide)
    {
    }

    /// <summary>The command.</summary>
    public static CheckCommand Create() => new(
        new CommandGuide("check", "look at configuration and inputs without a run")
        {
            About =
            [
                "Reads the configuration and every input that it names, and tells what it finds: rows, types, times, users "
                + "and items, the share of positive interactions, texts, duplicates, bad rows; and what a run will take in "
                + "time, memory and disk. Nothing is written.",
                "What would stop a run is an error here already, with the same words and exit code. Estimates are rough: they "
                + "tell minutes from hours.",
            ],
            Reads = "the configuration, the inputs, the models' manifests",
            Sections = ["input"],
            Examples =
            [
                ("onerec check --conf my.json", "Before the first run."),
                ("onerec check --conf my.json --output json", "In a pipeline: one object, counts and seconds as numbers."),
                ("onerec check --conf my.json --set input.badRows=quarantine", "How many rows do not parse."),
            ],
        });

    /// <inheritdoc/>
    public override int Execute(Invocation invocation)
    {
        IReadOnlyList<CheckFact> facts = invocation.Backend.Check(invocation.Open());
        CheckWriter.Write(facts, invocation.Format, invocation.Terminal.Out);
        return 0;
    }
}
