using System.CommandLine;
using OneRec.Cli.Backend;
using OneRec.Cli.Commands;
using OneRec.Cli.Output;
using OneRec.Configuration;
using OneRec.Core;
using OneRec.Pipeline.Running;

namespace OneRec.Cli;

/// <summary>The program without its process: parses a command line, executes it, prints errors, returns the exit code.</summary>
/// <param name="backend">What commands call.</param>
/// <param name="terminal">Streams, working directory, environment.</param>
/// <param name="clock">Time.</param>
/// <param name="startLogging">Starts logging; the argument is whether debug lines are shown.</param>
internal sealed class CommandApp(
    ICommandBackend backend,
    Terminal terminal,
    TimeProvider clock,
    Action<bool> startLogging)
{
    private readonly GlobalOptions _globals = new();
    private readonly Option<bool> _version = new("--version");
    private readonly IReadOnlyList<CliCommand> _commands = CreateCommands(backend.Steps);

    /// <summary>The commands that help lists, in its order.</summary>
    public IReadOnlyList<CliCommand> Commands => [.. _commands.Where(c => !c.Guide.Hidden)];

    /// <summary>Executes one command line.</summary>
    /// <param name="args">The arguments after the program's name.</param>
    /// <param name="cancellation">Ctrl-C.</param>
    /// <returns>The exit code.</returns>
    public int Run(IReadOnlyList<string> args, CancellationToken cancellation)
    {
        RootCommand root = Root();
        ParseResult parse = root.Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null });
        bool verbose = parse.GetValue(_globals.Verbose);
        int exit;
        try
        {
            exit = Execute(root, parse, verbose, cancellation);
            terminal.Out.Flush();
        }
#pragma warning disable CA1031 // The only place where every failure becomes a line and an exit code.
        catch (Exception e)
#pragma warning restore CA1031
        {
            FlushAfterFailure(e);
            exit = Failure.Report(e, terminal.Error, verbose, cancellation);
        }

        return exit;
    }

    // Rows that were printed before a failure are shown, and what is wrong with standard output is told only once.
    private void FlushAfterFailure(Exception failure)
    {
        try
        {
            terminal.Out.Flush();
        }
        catch (OutputException) when (failure is not OutputException)
        {
            // The failure itself is told.
        }
    }

    private static IReadOnlyList<CliCommand> CreateCommands(StepCatalogue steps)
    {
        CliCommand[] listed =
        [
            StepCommand.Run(steps),
            .. steps.Steps.Select(StepCommand.Of),
            RunsCommand.Create(),
            LookupCommand.Create(),
            ExplainCommand.Create(),
            PrefixCommand.Create(),
            DiffCommand.Create(),
            DescribeCommand.Create(),
            CompareCommand.Create(),
            SqlCommand.Create(steps),
            ExportCommand.Create(),
            VerifyCommand.Create(),
            InitCommand.Create(),
            CheckCommand.Create(),
            ModelCheckCommand.Create(),
            SampleCommand.Create(),
            OptionsCommand.Create(),
        ];
        return [.. listed, DocsCommand.Create([.. listed.Select(c => c.Guide)])];
    }

    private int Execute(RootCommand root, ParseResult parse, bool verbose, CancellationToken cancellation)
    {
        CliCommand? command = _commands.FirstOrDefault(c => c.Syntax == parse.CommandResult.Command);
        if (parse.GetValue(_globals.Help))
        {
            Help(terminal.Out, command);
            return 0;
        }

        if (command is null && parse.GetValue(_version))
        {
            terminal.Out.WriteLine($"onerec {backend.Version}");
            return 0;
        }

        if (command is null && parse.Tokens.Count == 0)
        {
            Help(terminal.Error.Writer, null);
            return (int)ErrorKind.Configuration;
        }

        if (command is null || parse.Errors.Count > 0 || parse.UnmatchedTokens.Count > 0)
        {
            throw UsageProblem(root, parse, command);
        }

        if (command.Problems(parse).ToArray() is { Length: > 0 } problems)
        {
            throw Usage(problems, command);
        }

        startLogging(verbose);
        Log.Started(command.Guide.Name, backend.Version, parse.GetValue(_globals.Engine)!);
        int exit = command.Execute(new Invocation(parse, _globals, terminal, backend, clock, cancellation)
        {
            Tell = e => Failure.Report(e, terminal.Error, verbose, CancellationToken.None),
        });
        Log.Ended(exit);
        return exit;
    }

    private void Help(TextWriter writer, CliCommand? command)
    {
        if (command is null)
        {
            HelpPage.Write(writer, Commands, _globals);
        }
        else
        {
            HelpPage.Write(writer, command, _globals, OptionsReference.Read(backend.Steps.Schema));
        }
    }

    private CommandProblem UsageProblem(RootCommand root, ParseResult parse, CliCommand? command)
    {
        string[] known =
        [
            .. root.Subcommands.Where(c => !c.Hidden && command is null).Select(c => c.Name),
            .. (command?.Syntax.Options ?? []).Concat(_globals.All).Where(o => !o.Hidden).Select(o => o.Name),
        ];
        var lines = new List<string>();
        foreach (string token in parse.UnmatchedTokens)
        {
            bool option = token.StartsWith('-');
            string? nearest = NearestKey.Of(token.Split('=')[0], known.Where(w => w.StartsWith('-') == option));
            string what = option ? "unknown option" : command is null ? "unknown command" : "unexpected argument";
            lines.Add($"{what} '{token}'" + (nearest is null ? "" : $"; did you mean {nearest}?"));
        }

        // The parser reports the same tokens, without a suggestion.
        lines.AddRange(parse.Errors
            .Select(e => e.Message.ReplaceLineEndings(" ").Trim())
            .Where(m => !parse.UnmatchedTokens.Any(t => m.Contains($"'{t}'", StringComparison.Ordinal)))
            .Where(m => lines.Count == 0 || command is not null));
        return Usage([.. lines.Distinct()], command);
    }

    private static CommandProblem Usage(IReadOnlyList<string> lines, CliCommand? command)
    {
        string help = command is null ? "onerec --help" : $"onerec {command.Guide.Name} --help";
        return new CommandProblem("cli.usage", lines, $"run '{help}' for usage");
    }

    private RootCommand Root()
    {
        var root = new RootCommand();
        root.Options.Clear();
        root.Directives.Clear();
        foreach (Option option in _globals.All)
        {
            root.Add(option);
        }

        root.Add(_version);
        foreach (IGrouping<string, CliCommand> group in _commands.GroupBy(c => c.Guide.Name.Split(' ')[0]))
        {
            if (group.Any(c => c.Guide.Name == group.Key))
            {
                root.Add(group.Single().Syntax);
                continue;
            }

            // A command of two words: the first word alone is not a command.
            var first = new Command(group.Key);
            foreach (CliCommand command in group)
            {
                first.Add(command.Syntax);
            }

            root.Add(first);
        }

        return root;
    }
}
