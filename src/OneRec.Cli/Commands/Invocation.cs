using System.CommandLine;
using OneRec.Cli.Backend;
using OneRec.Cli.Output;
using OneRec.Cli.Progress;
using OneRec.Configuration;
using OneRec.Core;
using OneRec.Pipeline.Configuration;

namespace OneRec.Cli.Commands;

/// <summary>A parsed command line, with everything a command needs to execute it.</summary>
/// <param name="Parse">The command line.</param>
/// <param name="Globals">The options of every command.</param>
/// <param name="Terminal">Streams, working directory, environment.</param>
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
    /// <summary>Tells a failure that does not end the command.</summary>
    public required Action<Exception> Tell { get; init; }

    /// <summary>The format of results.</summary>
    public OutputFormat Format => Globals.Format(Parse);

    /// <summary>Progress as bars on an interactive terminal, else as lines.</summary>
    public IProgressDisplay Progress => Terminal.IsInteractive
        ? new BarProgress(Terminal.Error, Clock)
        : new PlainProgress(Terminal.Error, Clock);

    /// <summary>Reads the configuration.</summary>
    /// <param name="flags">Options that the command's own flags set, as <c>--set</c> would.</param>
    /// <exception cref="CommandProblem">The configuration is invalid; it lists every problem.</exception>
    public Session Open(params IReadOnlyList<string> flags)
    {
        var problems = new Problems();
        OneRecOptions? options = Backend.Steps.Load(
            new ConfigurationSources
            {
                File = Parse.GetValue(Globals.Conf),
                Environment = Terminal.Environment,
                Sets = [.. Parse.GetValue(Globals.Set) ?? [], .. flags],
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
