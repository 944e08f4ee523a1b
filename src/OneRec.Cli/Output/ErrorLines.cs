using Spectre.Console;

namespace OneRec.Cli.Output;

/// <summary>Writes lines to standard error; progress bars on the screen stay below them.</summary>
/// <param name="writer">Standard error.</param>
internal sealed class ErrorLines(TextWriter writer)
{
    private readonly Lock _lock = new();
    private IAnsiConsole? _bars;

    /// <summary>Standard error itself.</summary>
    public TextWriter Writer => writer;

    /// <summary>Writes one line, from any thread.</summary>
    public void WriteLine(string line)
    {
        lock (_lock)
        {
            if (_bars is { } console)
            {
                console.Write(new Text(line + Environment.NewLine));
            }
            else
            {
                writer.WriteLine(line);
                writer.Flush();
            }
        }
    }

    /// <summary>Sends lines through the console that draws the bars from now on; null: writes them directly again.</summary>
    public void WriteThrough(IAnsiConsole? console)
    {
        lock (_lock)
        {
            _bars = console;
        }
    }
}
