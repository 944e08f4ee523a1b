using System.CommandLine;
using OneRec.Cli.Output;
using OneRec.Cli.Progress;
using OneRec.Configuration;
using OneRec.Core;
using OneRec.Pipeline.Configuration;

namespace OneRec.Cli.Commands;

/// <summary>One command line, parsed, with all that a command needs to carry it out.</summary>
/// <param name="Parse">The command line.</param>
/// <param name="Globals">The options that every command takes.</param>
/// <param name="Terminal">Streams, folder, environment.</param>
/// <param name="Backend">What commands call.</param>
/// <param name="Clock">Time.</param>
/// <param name="Cancellation">Ctrl-C.</param>
internal sealed record Invocation(
    ParseResult Parse,
    GlobalOptions Globals,
    Terminal Terminal,
    ICommandBackend Backend,
    TimeProvider Clock,
    CancellationToken Cancellation)
{
    /// <summary>How results are written.</summary>
    public OutputFormat Format => Globals.Format(Parse);

    /// <summary>Progress as bars where a person watches, else as lines.</summary>
    public IProgressDisplay Progress => Terminal.Watched
        ? new BarProgress(Terminal.Error, Clock)
        : new PlainProgress(Terminal.Error, Clock);

    /// <summary>Reads the configuration and opens what a command works on.</summary>
    /// <exception cref="CommandProblem">All that is wrong with the configuration.</exception>
    public Session Open()
    {
        var problems = new Problems();
        OneRecOptions? options = StepComposition.Load(
            new ConfigurationSources
            {
                File = Parse.GetValue(Globals.Conf),
                Environment = Terminal.Environment,
                Sets = Parse.GetValue(Globals.Set) ?? [],
                WorkingDirectory = Terminal.WorkingDirectory,
            },
            problems);
        if (options is null)
        {
            throw new CommandProblem("config.invalid", problems.Lines);
        }

        return new Session(Parse.GetValue(Globals.Engine)!, options, Clock, Cancellation);
    }
}
