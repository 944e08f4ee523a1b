using Spectre.Console;

namespace OneRec.Cli.Output;

/// <summary>Standard error, a line at a time: progress bars that are up stay below the lines.</summary>
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

    /// <summary>From now on lines go through the console that draws bars; null: no bars any more.</summary>
    public void Under(IAnsiConsole? console)
    {
        lock (_lock)
        {
            _bars = console;
        }
    }
}
