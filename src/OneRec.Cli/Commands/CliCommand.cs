using System.CommandLine;

namespace OneRec.Cli.Commands;

/// <summary>One command: its help, its options, and what it does.</summary>
internal abstract class CliCommand
{
    /// <summary>A command.</summary>
    /// <param name="guide">Its help.</param>
    /// <param name="symbols">The command's own arguments and options.</param>
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
                    throw new ArgumentException($"{symbol.Name} is neither an option nor an argument", nameof(symbols));
            }
        }
    }

    /// <summary>Its help.</summary>
    public CommandGuide Guide { get; }

    /// <summary>The parser's definition of the command.</summary>
    public Command Syntax { get; }

    /// <summary>Problems of a command line that parses, one line per problem.</summary>
    public virtual IEnumerable<string> Problems(ParseResult parse) => [];

    /// <summary>Executes the command.</summary>
    /// <returns>The exit code.</returns>
    public abstract int Execute(Invocation invocation);
}
