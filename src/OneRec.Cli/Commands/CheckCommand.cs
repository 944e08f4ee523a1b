using OneRec.Cli.Output;
using OneRec.Pipeline.Queries;

namespace OneRec.Cli.Commands;

/// <summary>Checks configuration and inputs without a run.</summary>
internal sealed class CheckCommand : CliCommand
{
    private CheckCommand(CommandGuide guide)
        : base(guide)
    {
    }

    /// <summary>The command.</summary>
    public static CheckCommand Create() => new(
        new CommandGuide("check", "check configuration and inputs, and estimate a run, without running")
        {
            About =
            [
                "Reads the configuration and every input it names. Shows rows, types, the time range, users and items, the "
                + "share of positive interactions, text coverage, duplicates and bad rows, and estimates the time, memory and "
                + "disk that a run needs. Nothing is written.",
                "A problem that would stop a run stops 'check' too, with the same message and exit code. Estimates are rough: "
                + "good enough to distinguish minutes from hours.",
            ],
            Reads = "the configuration, the inputs, the models' manifests",
            Sections = ["input"],
            Examples =
            [
                ("onerec check --conf my.json", "Before the first run."),
                ("onerec check --conf my.json --output json", "For scripts: one JSON object, counts and seconds as numbers."),
                ("onerec check --conf my.json --set input.badRows=quarantine", "Count the rows that do not parse."),
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
