using System.CommandLine;

namespace OneRec.Cli.Commands;

/// <summary>One command: its words, its options, and what it does.</summary>
internal abstract class CliCommand
{
    /// <summary>A command.</summary>
    /// <param name="guide">Its help.</param>
    /// <param name="symbols">Arguments and options of its own.</param>
    protected CliCommand(CommandGuide guide, params ReadOnlySpan<Symbol> symbols)
    {
        Guide = guide;
        Syntax = new Command(guide.Name.Split(' ')[^1], guide.Summary) { Hidden = guide.Hidden };
        foreach (Symbol symbol in symbols)
        {
            switch (symbol)
            {
                case Option option:
                    Syntax.Add(option);
                    break;
                case Argument argument:
                    Syntax.Add(argument);
                    break;
                default:
                    throw new ArgumentException($"{symbol.Name} is neither option nor argument", nameof(symbols));
            }
        }
    }

    /// <summary>Its help.</summary>
    public CommandGuide Guide { get; }

    /// <summary>How it is written.</summary>
    public Command Syntax { get; }

    /// <summary>What is wrong with a command line that parses; a line each.</summary>
    public virtual IEnumerable<string> Problems(ParseResult parse) => [];

    /// <summary>Carries it out.</summary>
    /// <returns>The exit code.</returns>
    public abstract int Execute(Invocation invocation);
}
