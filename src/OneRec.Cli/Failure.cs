using OneRec.Cli.Backend;
using OneRec.Cli.Output;
using OneRec.Core;

namespace OneRec.Cli;

/// <summary>Turns an exception into lines on standard error and an exit code.</summary>
internal static class Failure
{
    /// <summary>The exit code of an interrupted run; committed work is kept.</summary>
    public const int Interrupted = 130;

    /// <summary>The line of an interrupted run.</summary>
    public const string InterruptedLine = "interrupted: every table is at its last commit; run the same command again to continue";

    // ENOSPC and EMFILE on Linux, as .NET reports them.
    private const int DiskFull = 28;
    private const int TooManyFiles = 24;

    /// <summary>Prints a failure as <c>error CODE: message</c>.</summary>
    /// <param name="failure">What was thrown.</param>
    /// <param name="error">Standard error.</param>
    /// <param name="verbose">Whether the whole exception is printed too.</param>
    /// <param name="cancellation">Ctrl-C.</param>
    /// <returns>The exit code.</returns>
    public static int Report(Exception failure, ErrorLines error, bool verbose, CancellationToken cancellation)
    {
        Exception e = Unwrap(failure);
        int exit = WriteError(e, error, cancellation);
        if (verbose && exit != 0)
        {
            error.WriteLines(failure.ToString());
        }
        else if (exit == (int)ErrorKind.Bug)
        {
            error.WriteLine("This is a bug in OneRec.Spark. Please report it with the output of --verbose.");
        }

        return exit;
    }

    private static int WriteError(Exception e, ErrorLines error, CancellationToken cancellation)
    {
        switch (e)
        {
            case CommandProblem problem:
                foreach (string line in problem.Lines)
                {
                    error.WriteLine($"error {problem.Code}: {line}");
                }

                if (problem.Hint is not null)
                {
                    error.WriteLine(problem.Hint);
                }

                return (int)ErrorKind.Configuration;
            case OutputException { IsReaderGone: true }:
                // As with '| head': what it wanted it has got.
                return 0;
            case OutputException output:
                error.WriteLine($"error io.output: standard output cannot be written: {OneLine(output.Message)}; what was done is kept, only its result is not printed");
                return (int)ErrorKind.Engine;
            case OneRecException known:
                string step = known.Step is null ? "" : $"{known.Step}: ";
                error.WriteLine($"error {known.Code}: {step}{OneLine(known.Message)}");
                return (int)known.Kind;
            case var _ when cancellation.IsCancellationRequested:
                // An interrupted native call may fail with any exception of its own.
                error.WriteLine(InterruptedLine);
                return Interrupted;
            case IOException { HResult: DiskFull }:
                error.WriteLine($"error io.disk-full: {OneLine(e.Message)}; free some space and run the command again");
                return (int)ErrorKind.Engine;
            case var _ when IsTooManyFiles(e):
                return WriteError(Descriptors.TooFew(), error, cancellation);
            case UnauthorizedAccessException:
                error.WriteLine($"error io.denied: {OneLine(e.Message)} Check the permissions of that path, or use another path.");
                return (int)ErrorKind.Configuration;
            case var _ when SystemFailure.Of(e) is { } refused:
                string text = e is IOException ? OneLine(e.Message) : refused.What;
                error.WriteLine($"error {refused.Code}: {text}; {refused.Cure}");
                return (int)refused.Kind;
            default:
                error.WriteLine($"error bug: {e.GetType().Name}: {OneLine(e.Message)}");
                return (int)ErrorKind.Bug;
        }
    }

    /// <summary>The exception to report: the cause inside the wrappers that parallel work and reflection add.</summary>
    private static Exception Unwrap(Exception failure)
    {
        if (failure is AggregateException many)
        {
            var inner = many.Flatten().InnerExceptions;
            return inner.OfType<OneRecException>().FirstOrDefault()
                ?? inner.FirstOrDefault(e => e is not OperationCanceledException)
                ?? inner[0];
        }

        return failure is System.Reflection.TargetInvocationException or TypeInitializationException
            && failure.InnerException is not null ? Unwrap(failure.InnerException) : failure;
    }

    // An assembly that cannot be opened is told as missing.
    private static bool IsTooManyFiles(Exception e) => e is IOException { HResult: TooManyFiles }
        || e.Message.Contains("Too many open files", StringComparison.OrdinalIgnoreCase)
        || (e is FileNotFoundException or FileLoadException or DllNotFoundException && Descriptors.AreExhausted())
        || (e.InnerException is { } inner && IsTooManyFiles(inner));

    private static string OneLine(string message) => message.ReplaceLineEndings(" ");
}
