using System.Globalization;
using System.Text;
using NLog;
using OneRec.Cli.Output;
using OneRec.Cli.Prompt;
using OneRec.Configuration;
using OneRec.Core;
using OneRec.Engine.Spark.Launch;

namespace OneRec.Cli;

/// <summary>The process: streams, signals, exit code.</summary>
internal static class Program
{
    private static int Main(string[] args)
    {
        Descriptors.Reserve();
        CultureInfo.DefaultThreadCurrentCulture = CultureInfo.InvariantCulture;
        CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
        var utf8 = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);
        using var error = new StreamWriter(StandardStream.Error(), utf8) { AutoFlush = true };
        var lines = new ErrorLines(error);
        using var signals = new StopSignals(lines);
        try
        {
            Descriptors.RequireEnough();
            return Run(args, utf8, lines, signals);
        }
#pragma warning disable CA1031 // What is around a command, such as its streams and logging, fails in one line as well.
        catch (Exception e)
#pragma warning restore CA1031
        {
            return Failure.Report(e, lines, verbose: false, signals.Token);
        }
    }

    private static int Run(string[] args, Encoding utf8, ErrorLines lines, StopSignals signals)
    {
        using var output = new StreamWriter(StandardStream.Output(), utf8, bufferSize: 1 << 16);
        IReadOnlyDictionary<string, string> environment = ConfigurationSources.ProcessEnvironment();
        bool interactive = !Console.IsErrorRedirected && environment.GetValueOrDefault("TERM") != "dumb";
        var terminal = new Terminal
        {
            In = Console.In,
            Out = output,
            Error = lines,
            IsInteractive = interactive,
            Width = Console.IsOutputRedirected ? 0 : Columns(),
            Keyboard = Console.IsInputRedirected || Console.IsOutputRedirected || environment.GetValueOrDefault("TERM") is null or "" or "dumb" ? null : new ConsoleKeyboard(signals.Token),
            OnInterrupt = signals.Divert,
            WorkingDirectory = WorkingDirectory(),
            Environment = environment,
        };
        var app = new CommandApp(
            new CommandBackend(StepComposition.All),
            terminal,
            TimeProvider.System,
            verbose => Logging.Start(lines, verbose, environment.GetValueOrDefault(Logging.Variable)));
        int exit = app.Run(SparkSubmit.Arguments(args, environment), signals.Token);
        LogManager.Shutdown();
        return exit;
    }

    private static string WorkingDirectory()
    {
        try
        {
            return Directory.GetCurrentDirectory();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw OneRecException.Configuration(
                "io.working-directory", "the working directory does not exist any more; change to another folder and run the command again", e);
        }
    }

    private static int Columns()
    {
        try
        {
            return Console.WindowWidth;
        }
        catch (IOException)
        {
            return 0;
        }
    }
}
