using System.CommandLine;
using OneRec.Cli.Backend;
using OneRec.Cli.Output;
using OneRec.Cli.Progress;
using OneRec.Pipeline.Running;

namespace OneRec.Cli.Commands;

/// <summary>Runs one step, or the whole job.</summary>
internal sealed class StepCommand : CliCommand
{
    private const string Skips =
        "A step is up to date if its inputs and parameters are those of its last commit. It is then skipped and writes nothing.";

    // Of the whole job alone: a step whose flag is --dry-run looks at its own work.
    private readonly Option<bool>? _dryRun;
    private readonly IReadOnlyList<(Option Option, StepFlag Flag)> _flags;

    private StepCommand(CommandGuide guide, params IReadOnlyList<(Option Option, StepFlag Flag)> flags)
        : base(guide, [.. flags.Select(f => f.Option)])
    {
        _flags = flags;
    }

    private StepCommand(CommandGuide guide, Option<bool> dryRun)
        : base(guide, dryRun)
    {
        (_dryRun, _flags) = (dryRun, []);
    }

    /// <summary>The whole job.</summary>
    public static StepCommand Run(StepCatalogue steps) => new(
        new CommandGuide("run", "run the whole job: from log and catalogue to semantic IDs and a report")
        {
            About =
            [
                $"Runs {string.Join(", ", steps.RunOrder.SkipLast(1))} and {steps.RunOrder[^1]}, in this order. Steps that are up "
                + "to date are skipped, so a run after new data, a changed option or an interruption does only what is missing. "
                + "Every step commits to Delta tables; a run that is stopped leaves each table at its last commit.",
                "A published codebook is kept: new items are embedded and get IDs from it, so that the IDs that models were "
                + "trained on do not change. With run.retrain=true, the model and the codebook may change: the steps after train "
                + "then use the new codebook, and readers see it after it is published.",
            ],
            Reads = "input.interactions, input.items and, where configured, input.tags, input.tokens and input.images",
            Writes = "all tables in the folder 'tables', and the page report.path",
            Sections = ["", "run", "input"],
            Examples =
            [
                ("onerec run --conf conf/sample.json", "Run all steps with the options of a file."),
                ("onerec run --conf my.json --set train.codes=1024 --set threads=8", "Override some options."),
                ("onerec run --conf my.json --dry-run", "Which steps would run, and why?"),
                ("ONEREC__MEMORYLIMIT=\"8 GiB\" onerec run --conf my.json --output json", "Run from an orchestrator: options from the environment, summary as JSON."),
            ],
        },
        new Option<bool>("--dry-run") { Description = "Do nothing; show which steps would run, and why." });

    /// <summary>One step.</summary>
    public static StepCommand Of(IStep step)
    {
        StepDescription about = step.Description;
        return new(
            new CommandGuide(about.Name, about.Summary)
            {
                About = about.ByNameOnly ? about.About : [.. about.About, Skips],
                Reads = string.Join(", ", about.Inputs.Concat(about.Reads)),
                Writes = string.Join(", ", about.Writes.Select(t => t.Name).Append(about.Result).OfType<string>()),
                Sections = [.. about.OtherSections, .. about.Options is { } own ? [own.Key] : Array.Empty<string>()],
                Examples = about.Examples,
            },
            [.. about.Flags.Select(f => (OptionOf(f), f))]);
    }

    /// <inheritdoc/>
    public override int Execute(Invocation invocation)
    {
        Session session = invocation.Open([.. _flags.Select(f => Set(invocation.Parse, f.Option, f.Flag)).OfType<string>()]);
        if (_dryRun is not null && invocation.Parse.GetValue(_dryRun))
        {
            using RowSet forecast = invocation.Backend.Forecast(session);
            RowSetWriter.Write(forecast, invocation.Format, invocation.Terminal.Out, "steps", invocation.Cancellation, RowSetWriter.SentenceWidth);
            return 0;
        }

        IReadOnlyList<string> steps = _dryRun is not null ? invocation.Backend.Steps.RunOrder : [Guide.Name];
        RunSummary summary = invocation.Progress.Watch(
            observer => LoggedRun.Observe(observer, logged => invocation.Backend.Run(session, steps, logged)));
        SummaryWriter.Write(
            Guide.Name, summary, invocation.Format, invocation.Terminal.Out, invocation.Terminal.Width);
        return 0;
    }

    private static Option OptionOf(StepFlag flag) => flag.Value is { } value
        ? new Option<string>(flag.Name) { Description = flag.Summary, HelpName = value }
        : new Option<bool>(flag.Name) { Description = flag.Summary };

    private static string? Set(ParseResult parse, Option option, StepFlag flag) => option switch
    {
        Option<string> text => parse.GetValue(text) is { } value ? $"{flag.Key}={value}" : null,
        Option<bool> set => parse.GetValue(set) ? $"{flag.Key}=true" : null,
        _ => throw new InvalidOperationException($"{flag.Name} is neither a text nor a flag"),
    };
}
