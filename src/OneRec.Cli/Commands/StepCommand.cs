using OneRec.Cli.Output;
using OneRec.Pipeline.Running;

namespace OneRec.Cli.Commands;

/// <summary>A step alone, or the whole job.</summary>
/// <param name="guide">Its help.</param>
/// <param name="whole">Whether it is <c>run</c>: all steps in order.</param>
internal sealed class StepCommand(CommandGuide guide, bool whole) : CliCommand(guide)
{
    /// <summary>The whole job.</summary>
    public static StepCommand Run() => new(
        new CommandGuide("run", "the whole job: from log and catalogue to semantic IDs and a report")
        {
            About =
            [
                "Runs ingest, swing, pairs, embed, train, assign, evaluate, publish and report in this order. What is up "
                + "to date is skipped, so running it again after new data, a changed option or a kill does only what is "
                + "missing. Every step commits to a Delta table; a run that is stopped leaves each table at its last commit.",
                "Once a codebook is published it stays: new items are embedded and appended under it, so that IDs that "
                + "others trained on do not move. With run.retrain=true model and codebook may change.",
            ],
            Reads = "input.interactions, input.items and, where configured, input.tags and input.tokens",
            Writes = "the tables under 'tables' and the page report.path",
            Sections = ["", "run", "input"],
            Examples =
            [
                ("onerec run --conf conf/sample.json", "All steps with a file's options."),
                ("onerec run --conf my.json --set train.codes=1024 --set threads=8", "Some options from here."),
                ("ONEREC__MEMORYLIMIT=\"8 GiB\" onerec run --conf my.json --output json", "As an orchestrator calls it."),
            ],
        },
        whole: true);

    /// <inheritdoc/>
    public override int Execute(Invocation invocation)
    {
        Session session = invocation.Open();
        IReadOnlyList<string> steps = whole ? invocation.Backend.Steps : [Guide.Name];
        RunSummary summary = invocation.Progress.Watch(
            observer => invocation.Backend.Run(session, steps, observer));
        SummaryWriter.Write(
            Guide.Name, summary, invocation.Format, invocation.Terminal.Out, invocation.Terminal.Width);
        return 0;
    }
}
