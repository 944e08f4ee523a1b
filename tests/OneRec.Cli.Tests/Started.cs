using OneRec.Cli.Output;

namespace OneRec.Cli.Tests;

/// <summary>The program in this process, on a fake backend: what it printed and its exit code.</summary>
internal sealed class Started
{
    public FakeBackend Backend { get; } = new();

    public ManualClock Clock { get; } = new();

    public Dictionary<string, string> Environment { get; } = [];

    public string Input { get; set; } = "";

    public string Folder { get; set; } = Path.GetTempPath();

    public CancellationToken Cancellation { get; set; }

    public string Out { get; private set; } = "";

    public string Error { get; private set; } = "";

    /// <summary>Runs one command line.</summary>
    public int Run(params string[] args)
    {
        using var output = new StringWriter { NewLine = "\n" };
        using var error = new StringWriter { NewLine = "\n" };
        var app = new CommandApp(
            Backend,
            new Terminal
            {
                In = new StringReader(Input),
                Out = output,
                Error = new ErrorLines(error),
                WorkingDirectory = Folder,
                Environment = Environment,
            },
            Clock,
            _ => { });
        int exit = app.Run(args, Cancellation);
        (Out, Error) = (output.ToString(), error.ToString());
        return exit;
    }
}
