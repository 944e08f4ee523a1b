using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using NLog;
using OneRec.Cli.Output;
using OneRec.Configuration;
using OneRec.Engine.Spark.Launch;

namespace OneRec.Cli;

/// <summary>The process: streams, signals, exit code.</summary>
internal static class Program
{
    private static int Main(string[] args)
    {
        CultureInfo.DefaultThreadCurrentCulture = CultureInfo.InvariantCulture;
        CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
        var utf8 = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);
        using var output = new StreamWriter(Console.OpenStandardOutput(), utf8, bufferSize: 1 << 16);
        using var error = new StreamWriter(Console.OpenStandardError(), utf8) { AutoFlush = true };
        var lines = new ErrorLines(error);
        using var cancellation = new CancellationTokenSource();
        using PosixSignalRegistration interrupt = PosixSignalRegistration.Create(
            PosixSignal.SIGINT, signal => Stop(signal, cancellation, lines));
        using PosixSignalRegistration terminate = PosixSignalRegistration.Create(
            PosixSignal.SIGTERM, signal => Stop(signal, cancellation, lines));

        IReadOnlyDictionary<string, string> environment = ConfigurationSources.ProcessEnvironment();
        bool interactive = !Console.IsErrorRedirected && environment.GetValueOrDefault("TERM") != "dumb";
        var terminal = new Terminal
        {
            In = Console.In,
            Out = output,
            Error = lines,
            IsInteractive = interactive,
            Width = Console.IsOutputRedirected ? 0 : Columns(),
            WorkingDirectory = Directory.GetCurrentDirectory(),
            Environment = environment,
        };
        var app = new CommandApp(
            new CommandBackend(StepComposition.All),
            terminal,
            TimeProvider.System,
            verbose => Logging.Start(lines, verbose, environment.GetValueOrDefault(Logging.Variable)));
        int exit = app.Run(SparkSubmit.Arguments(args, environment), cancellation.Token);
        LogManager.Shutdown();
        return exit;
    }

    /// <summary>The first signal asks the run to stop at the next safe point; the second ends the process at once.</summary>
    private static void Stop(PosixSignalContext signal, CancellationTokenSource cancellation, ErrorLines lines)
    {
        if (cancellation.IsCancellationRequested)
        {
            Environment.Exit(Failure.Interrupted);
        }

        signal.Cancel = true;
        lines.WriteLine("stopping at the next safe point; press Ctrl-C again to end at once");
        cancellation.Cancel();
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
