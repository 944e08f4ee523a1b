using OneRec.Cli.Output;
using OneRec.Pipeline.Running;

namespace OneRec.Cli.Commands;

/// <summary>A step alone, or the whole job.</summary>
/// <param name="guide">Its help.</param>
/// <param name="whole">Whether it is <c>run</c>: all steps in order.</param>
internal sealed class StepCommand(CommandGuide guide, bool whole) : CliCommand(guide)
{
    private const string Skips =
        "A step whose inputs and parameters are those of its last commit is up to date: it writes nothing and says so.";

    /// <summary>The whole job.</summary>
    public static StepCommand Run(StepCatalogue steps) => new(
        new CommandGuide("run", "the whole job: from log and catalogue to semantic IDs and a report")
        {
            About =
            [
                $"Runs {string.Join(", ", steps.RunOrder.SkipLast(1))} and {steps.RunOrder[^1]} in this order. Steps that are up "
                + "to date are skipped, so running it again after new data, a changed option or a kill does only what is "
                + "missing. Every step commits to a Delta table; a run that is stopped leaves each table at its last commit.",
                "Once a codebook is published it stays: new items are embedded and appended under it, so that IDs that "
                + "others trained on do not move. With run.retrain=true, model and codebook may change: the steps after train "
                + "then work on the new codebook, and readers see it once it is published.",
            ],
            Reads = "input.interactions, input.items and, where configured, input.tags, input.tokens and input.images",
            Writes = "the tables in the folder 'tables', and the page report.path",
            Sections = ["", "run", "input"],
            Examples =
            [
                ("onerec run --conf conf/sample.json", "All steps with a file's options."),
                ("onerec run --conf my.json --set train.codes=1024 --set threads=8", "Override some options."),
                ("ONEREC__MEMORYLIMIT=\"8 GiB\" onerec run --conf my.json --output json", "As an orchestrator calls it."),
            ],
        },
        whole: true);

    /// <summary>A step alone.</summary>
    public static StepCommand Of(IStep step)
    {
        StepDescription about = step.Description;
        return new(
            new CommandGuide(about.Name, about.Summary)
            {
                About = [.. about.About, Skips],
                Reads = string.Join(", ", about.Inputs.Concat(about.Reads)),
                Writes = string.Join(", ", about.Writes.Select(t => t.Name).Append(about.Result).OfType<string>()),
                Sections = [.. about.OtherSections, .. about.Options is { } own ? [own.Key] : Array.Empty<string>()],
                Examples = about.Examples,
            },
            whole: false);
    }

    /// <inheritdoc/>
    public override int Execute(Invocation invocation)
    {
        Session session = invocation.Open();
        IReadOnlyList<string> steps = whole ? invocation.Backend.Steps.RunOrder : [Guide.Name];
        RunSummary summary = invocation.Progress.Watch(
            observer => invocation.Backend.Run(session, steps, observer));
        SummaryWriter.Write(
            Guide.Name, summary, invocation.Format, invocation.Terminal.Out, invocation.Terminal.Width);
        return 0;
    }
}
