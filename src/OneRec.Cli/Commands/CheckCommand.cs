using OneRec.Cli.Output;
using OneRec.Pipeline.Running;

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
                "Reads the configuration, opens every input that it names, and tells what it finds. Nothing is written. "
                + "What would stop a run is an error here already, with the same words and exit code.",
            ],
            Reads = "the configuration, the heads of the inputs, the models' manifests",
            Sections = ["input"],
            Examples =
            [
                ("onerec check --conf my.json", "Before the first run."),
                ("onerec check --conf my.json --output json", "In a pipeline."),
            ],
        });

    /// <inheritdoc/>
    public override int Execute(Invocation invocation)
    {
        IReadOnlyList<Fact> facts = invocation.Backend.Check(invocation.Open());
        FactsWriter.Write(facts, invocation.Format, invocation.Terminal.Out);
        return 0;
    }
}
