namespace OneRec.Cli.Output;

/// <summary>Writes lines to standard error; progress bars on the screen stay below them.</summary>
/// <param name="writer">Standard error.</param>
internal sealed class ErrorLines(TextWriter writer)
{
    private readonly Lock _lock = new();
    private Action<string>? _bars;

    /// <summary>Standard error itself.</summary>
    public TextWriter Writer => writer;

    /// <summary>Writes one line, from any thread. Characters that would control a terminal are escaped.</summary>
    public void WriteLine(string line) => Write(Printable.Line(line));

    /// <summary>Writes text of several lines, such as a stack trace, from any thread; other control characters are escaped.</summary>
    public void WriteLines(string text) => Write(Printable.Lines(text));

    /// <summary>Sends lines through the console that draws the bars from now on; null: writes them directly again.</summary>
    /// <param name="bars">Takes text that ends with a line break.</param>
    public void WriteThrough(Action<string>? bars)
    {
        lock (_lock)
        {
            _bars = bars;
        }
    }

    private void Write(string text)
    {
        lock (_lock)
        {
            if (_bars is { } bars)
            {
                bars(text + Environment.NewLine);
            }
            else
            {
                writer.WriteLine(text);
                writer.Flush();
            }
        }
    }
}
