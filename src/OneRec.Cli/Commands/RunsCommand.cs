using System.CommandLine;
using OneRec.Cli.Backend;
using OneRec.Cli.Output;

namespace OneRec.Cli.Commands;

/// <summary>Lists runs and what came of them.</summary>
internal sealed class RunsCommand : CliCommand
{
    private readonly Argument<string?> _run;
    private readonly Option<int> _limit;
    private readonly Option<bool> _failed;

    private RunsCommand(CommandGuide guide, Argument<string?> run, Option<int> limit, Option<bool> failed)
        : base(guide, run, limit, failed)
    {
        (_run, _limit, _failed) = (run, limit, failed);
    }

    /// <summary>The command.</summary>
    public static RunsCommand Create() => new(
        new CommandGuide("runs", "list runs, what came of them, and what failed")
        {
            Usage = "[RUN_ID] [options]",
            About =
            [
                "The newest runs first: done, failed (with the step and its error), interrupted, killed (the process is gone and "
                + "said nothing) or running (with the step it is at). A run that found everything up to date leaves no trace. With a "
                + "run id: its steps in order, with rows, seconds and table versions.",
                "A retry under the same run id belongs to the same run: it is done once the last attempt is.",
            ],
            Reads = "runs, failures, and the entries of runs at work",
            Examples =
            [
                ("onerec runs --conf my.json", "What happened lately?"),
                ("onerec runs --failed --conf my.json --output json", "For a monitor: runs that are not done."),
                ("onerec runs night-17 --conf my.json", "The steps of one run."),
            ],
        },
        new Argument<string?>("RUN_ID") { Arity = ArgumentArity.ZeroOrOne, Description = "A run." },
        new Option<int>("--limit") { HelpName = "N", Description = "Maximum number of runs (default 20).", DefaultValueFactory = _ => 20 },
        new Option<bool>("--failed") { Description = "Only runs that are not done." });

    /// <inheritdoc/>
    public override int Execute(Invocation invocation)
    {
        Session session = invocation.Open();
        string? run = invocation.Parse.GetValue(_run);
        using RowSet rows = run is null
            ? invocation.Backend.Runs(session, invocation.Parse.GetValue(_limit), invocation.Parse.GetValue(_failed))
            : invocation.Backend.RunSteps(session, run);
        RowSetWriter.Write(
            rows, invocation.Format, invocation.Terminal.Out, run is null ? "runs" : "steps", invocation.Cancellation, RowSetWriter.SentenceWidth);
        return 0;
    }

    /// <inheritdoc/>
    public override IEnumerable<string> Problems(ParseResult parse)
    {
        if (parse.GetValue(_run) is not null && parse.GetValue(_failed))
        {
            yield return "give a run id or --failed, not both";
        }

        if (parse.GetValue(_limit) < 1)
        {
            yield return "--limit must be at least 1";
        }
    }
}
